import { Histogram } from '../histogram/histogram.ts';
import type { Clustering } from './clustering.ts';
import { type FaultOutcome, type PartFigures, partKey, type RunFigures } from './run-figures.ts';

const OUTCOMES: readonly RunFigures['outcome'][] = ['invalid', 'stopped', 'failed', 'passed'];
const EFFECTS: readonly FaultOutcome['effect'][] = ['collapsed', 'degraded', 'unknown', 'none'];

/** Several runs as one: what was measured is added exactly, rates are means, and of verdicts and effects the worst counts. */
export function poolRuns(runs: readonly [RunFigures, ...RunFigures[]]): RunFigures {
  const [first, ...more] = runs;
  if (more.length === 0) return first;
  const sum = (pick: (run: RunFigures) => number): number => runs.reduce((all, run) => all + pick(run), 0);
  return {
    run: runs.map(({ run }) => run).join(', '),
    name: first.name,
    createdAt:
      runs
        .map(({ createdAt }) => createdAt)
        .sort()
        .at(-1) ?? first.createdAt,
    outcome: OUTCOMES.find((one) => runs.some(({ outcome }) => outcome === one)) ?? first.outcome,
    durationMs: sum(({ durationMs }) => durationMs),
    requests: sum(({ requests }) => requests),
    requestsFailed: sum(({ requestsFailed }) => requestsFailed),
    rate: sum(({ rate }) => rate) / runs.length,
    dropped: sum(({ dropped }) => dropped),
    labels: Object.fromEntries(
      Object.entries(first.labels).filter(([name, text]) => more.every((run) => run.labels[name] === text)),
    ),
    load: textsOf(runs.map(({ load }) => load)),
    made: textsOf(runs.map(({ made }) => made)),
    parts: grouped(
      runs.flatMap(({ parts }) => parts),
      partKey,
    ).map(poolParts),
    faults: grouped(
      runs.flatMap(({ faults }) => faults),
      ({ fault }) => fault,
    ).map(worstOf),
    thresholds: grouped(
      runs.flatMap(({ thresholds }) => thresholds),
      ({ metric, expression }) => `${metric} ${expression}`,
    ).map(([one, ...others]) => ({ ...one, ok: one.ok && others.every(({ ok }) => ok) })),
  };
}

type Some<T> = readonly [T, ...T[]];

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): readonly Some<T>[] {
  return [...Map.groupBy(all, keyOf).values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [[first, ...more]],
  );
}

function poolParts(parts: Some<PartFigures>): PartFigures {
  const durations = new Histogram();
  for (const part of parts) durations.merge(part.durations);
  const worst = (figure: keyof Clustering): number => Math.max(...parts.map(({ clustering }) => clustering[figure]));
  return {
    ...parts[0],
    durations,
    count: parts.reduce((sum, { count }) => sum + count, 0),
    failed: parts.reduce((sum, { failed }) => sum + failed, 0),
    clustering: { p50: worst('p50'), p95: worst('p95'), p99: worst('p99'), failures: worst('failures') },
  };
}

function worstOf(outcomes: Some<FaultOutcome>): FaultOutcome {
  const times = outcomes.flatMap(({ recoveryMs }) => (recoveryMs === undefined ? [] : [recoveryMs]));
  return {
    fault: outcomes[0].fault,
    effect: EFFECTS.find((one) => outcomes.some(({ effect }) => effect === one)) ?? 'unknown',
    failedBecause: outcomes.reduce((sum, { failedBecause }) => sum + failedBecause, 0),
    ...(times.length === outcomes.length && { recoveryMs: Math.max(...times) }),
  };
}

/** What all runs say alike; what they do not, one after the other. */
function textsOf(all: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> {
  const names = [...new Set(all.flatMap((texts) => Object.keys(texts)))];
  return Object.fromEntries(
    names.map((name) => [name, [...new Set(all.map((texts) => texts[name] ?? '-'))].join(' | ')]),
  );
}
