import type {
  FailureShare,
  Ladder,
  LadderUnit,
  NextTrial,
  SizingEdge,
  Summary,
  Trial,
  TrialStage,
  TrialVerdict,
} from '@loads/core';

/** A trial as it is reported: what was tried, and what came of it. Rates are per second, times ms, shares 0-1. */
export type TrialRow = Trial & {
  /** The name of its run. */
  readonly run: string;
  readonly stage: TrialStage;
  /** `64 workers`, `250/s`, `sleep 300ms`. */
  readonly name: string;
  /** The same as a number. */
  readonly load: number;
  readonly iterations: number;
  readonly iterationRate: number;
  readonly requestRate: number;
  readonly p95Ms?: number | undefined;
  readonly failures: FailureShare;
  readonly reasons: readonly string[];
};

/** Why a sizing has no higher load, or was not finished. */
export type SizingEnd = SizingEdge['limit'] | 'stopped';

/** What came of a sizing: the content of its file. */
export type SizingReport = {
  readonly version: 1;
  readonly sizing: string;
  readonly name: string;
  readonly nodes: number;
  /** What a load counts. */
  readonly unit: LadderUnit;
  /** The highest load that was to be tried. */
  readonly ceiling: number;
  readonly tolerance: number;
  readonly end: SizingEnd;
  readonly holds?: EdgeRow | undefined;
  readonly breaks?: EdgeRow | undefined;
  /** How sure it is that `holds` holds and `breaks` does not, 0-1. */
  readonly confidence: number;
  readonly elapsedMs: number;
  readonly trials: readonly TrialRow[];
};

/** One side of the edge, over all its trials: means of the rates, the worst p95, the worst failures. */
export type EdgeRow = {
  readonly level: number;
  readonly name: string;
  readonly load: number;
  readonly held: number;
  readonly broke: number;
  readonly invalid: number;
  readonly iterationRate: number;
  readonly requestRate: number;
  readonly p95Ms?: number | undefined;
  readonly failures: FailureShare;
  readonly reasons: readonly string[];
};

type Attempt = Extract<NextTrial, { kind: 'try' }>;

/** The row of a trial. */
export function trialRow({ level, stage }: Attempt, ladder: Ladder, summary: Summary, verdict: TrialVerdict): TrialRow {
  const iterations = summary.iterations.reduce((sum, { ok, failed }) => sum + ok + failed, 0);
  return {
    level,
    run: summary.run,
    stage,
    name: ladder.nameOf(level),
    load: ladder.loadAt(level),
    iterations,
    iterationRate: summary.durationMs > 0 ? iterations / (summary.durationMs / 1000) : 0,
    requestRate: summary.total.rate,
    p95Ms: summary.total.duration?.p95,
    ...verdict,
  };
}

/** One side of the edge; undefined when there is none. The side that holds is described by the trials that held. */
export function edgeRow(tally: SizingEdge['holds'], trials: readonly TrialRow[]): EdgeRow | undefined {
  const own = trials.filter(({ level }) => level === tally?.level);
  const outcome = tally && tally.held > tally.broke ? 'held' : 'broke';
  const typical = own.some((one) => one.outcome === outcome) ? own.filter((one) => one.outcome === outcome) : own;
  const [first] = typical;
  if (!tally || !first) return undefined;
  const mean = (pick: (one: TrialRow) => number): number =>
    typical.reduce((sum, one) => sum + pick(one), 0) / typical.length;
  const p95s = typical.flatMap(({ p95Ms }) => (p95Ms === undefined ? [] : [p95Ms]));
  return {
    ...tally,
    name: first.name,
    load: first.load,
    iterationRate: mean(({ iterationRate }) => iterationRate),
    requestRate: mean(({ requestRate }) => requestRate),
    p95Ms: p95s.length === 0 ? undefined : Math.max(...p95s),
    failures: typical.reduce((worst, one) => (one.failures.ratio > worst.failures.ratio ? one : worst)).failures,
    reasons: distinct(typical.flatMap(({ reasons }) => reasons)),
  };
}

/** One of those that differ only in what was measured. */
function distinct(reasons: readonly string[]): readonly string[] {
  const byKind = new Map(
    reasons.toReversed().map((reason) => [reason.replaceAll(/\d+(?:\.\d+)?(?=(?: |$))/g, '#'), reason]),
  );
  return [...byKind.values()].toReversed();
}

/** The part of the highest rate that counts as all of it. */
const NEARLY_ALL = 0.95;

/**
 * The lowest load that already made nearly the highest rate of those that held: from there on more workers only wait.
 * Undefined unless it is well below the load that holds.
 */
export function saturationOf({ trials, holds, unit }: SizingReport): TrialRow | undefined {
  if (!holds || unit !== 'workers') return undefined;
  const held = trials.filter(({ outcome, level }) => outcome === 'held' && level <= holds.level);
  const most = Math.max(0, ...held.map(({ iterationRate }) => iterationRate));
  const lowest = held.filter((one) => one.iterationRate >= most * NEARLY_ALL).toSorted((a, b) => a.level - b.level)[0];
  return lowest && lowest.level * 2 <= holds.level ? lowest : undefined;
}
