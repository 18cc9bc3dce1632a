import { Histogram } from '../histogram/histogram.ts';
import { compareRuns, TOLERATED } from './compare-runs.ts';
import type { Change, Tolerance } from './comparison.ts';
import type { ComparedPhase, PartFigures, RunBrief, RunFigures } from './run-figures.ts';

/** What was measured in a phase, or in all of them; durations in ms, failures 0-1. */
export type TrendFigures = {
  readonly count: number;
  readonly failures: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
};

/** A run among others of its name. */
export type TrendPoint = RunBrief & {
  /** Undefined where nothing was measured. */
  readonly all?: TrendFigures | undefined;
  readonly phases: Readonly<Partial<Record<ComparedPhase, TrendFigures>>>;
  /** Compared with the one before it that can be compared: a valid run of the same load and faults. */
  readonly against?: string | undefined;
  readonly change?: Change | undefined;
};

/** Runs of one name in the order in which they were made. */
export type Trend = { readonly version: 1; readonly name: string; readonly points: readonly TrendPoint[] };

const PHASES: readonly ComparedPhase[] = ['steady', 'chaos', 'recovery'];

/** How runs of one name follow each other; each is compared with the one before it that is valid and had the same load. */
export function trendOf(name: string, runs: readonly RunFigures[], tolerance: Tolerance = TOLERATED): Trend {
  const inOrder = runs.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const last = new Map<string, RunFigures>();
  const points = inOrder.map((run): TrendPoint => {
    const { parts, faults: _faults, thresholds: _thresholds, ...brief } = run;
    const load = JSON.stringify(Object.entries(run.load).toSorted());
    const before = last.get(load);
    const valid = run.outcome !== 'invalid' && parts.length > 0;
    if (valid) last.set(load, run);
    // Durations of several protocols have nothing to do with each other: the first speaks for the run.
    const main = parts[0]?.metric;
    const all = parts.filter((part) => part.metric === main && part.name === undefined && part.phase !== undefined);
    const phases = PHASES.flatMap((phase) => {
      const figures = figuresOf(all.filter((part) => part.phase === phase));
      return figures ? [[phase, figures] as const] : [];
    });
    return {
      ...brief,
      all: figuresOf(all),
      phases: Object.fromEntries(phases),
      ...(valid && before && { against: before.run, change: compareRuns(before, run, tolerance).change }),
    };
  });
  return { version: 1, name, points };
}

function figuresOf(parts: readonly PartFigures[]): TrendFigures | undefined {
  const durations = new Histogram();
  let [count, failed] = [0, 0];
  for (const part of parts) {
    durations.merge(part.durations);
    count += part.count;
    failed += part.failed;
  }
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => durations.quantile(q));
  if (p50 === undefined || p95 === undefined || p99 === undefined || count === 0) return undefined;
  return { count, failures: failed / count, p50, p95, p99 };
}
