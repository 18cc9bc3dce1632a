import { mergeSeries } from '../metrics/series.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { evaluate, type ThresholdResult } from '../thresholds/evaluate.ts';
import { type NodeSeries, runSamples } from '../thresholds/run-samples.ts';

/** A threshold that ended a run, with what was measured then. */
export type Abort = ThresholdResult & {
  /** ms from the start of the run. */
  readonly atMs: number;
};

/**
 * The first threshold with `abortOnFail` that does not hold over all nodes, `elapsedMs` after the start; undefined while all
 * do. What has no samples yet, or is within its `delayAbortEval`, ends no run.
 */
export function abortOf(plan: RunPlan, nodes: readonly NodeSeries[], elapsedMs: number): Abort | undefined {
  const due = plan.thresholds.filter(
    ({ abortOnFail, delayAbortEvalMs = 0 }) => abortOnFail && elapsedMs >= delayAbortEvalMs,
  );
  if (due.length === 0) return undefined;
  const merged = mergeSeries(nodes.map(({ series }) => series));
  const samples = runSamples(plan, { nodes, merged, durationMs: elapsedMs });
  for (const threshold of due) {
    const result = evaluate(threshold, samples);
    if (!result.ok && result.actual !== undefined && result.reason === undefined) return { ...result, atMs: elapsedMs };
  }
  return undefined;
}

/** The metrics that a node has to show while it runs, since thresholds may end the run by them. */
export function abortMetrics({ thresholds }: RunPlan): ReadonlySet<string> {
  return new Set(thresholds.flatMap(({ abortOnFail, metric }) => (abortOnFail ? [metric] : [])));
}
