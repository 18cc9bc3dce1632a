import type { Series, Tags } from '../metrics/series.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { phaseSpans } from '../schedule/phase-spans.ts';
import type { RunSamples } from './evaluate.ts';

/** The series of one node. */
export type NodeSeries = { readonly node: number; readonly series: readonly Series[] };

/**
 * The samples of a run that took `durationMs`: `{node:N}` looks at that node alone, all else at all nodes merged. Rates per
 * second are those of the phase, or of the time in which the fault was to be in force, where a tag names one.
 */
export function runSamples(
  plan: Pick<RunPlan, 'schedule' | 'recoveryMs'>,
  { nodes, merged, durationMs }: { nodes: readonly NodeSeries[]; merged: readonly Series[]; durationMs: number },
): RunSamples {
  const spans = phaseSpans(plan.schedule, plan.recoveryMs, durationMs);
  return {
    series({ node }) {
      if (node === undefined) return merged;
      const own = nodes.find((one) => String(one.node) === node)?.series ?? [];
      return own.map((one) => ({ ...one, tags: { ...one.tags, node } }));
    },
    durationMs({ phase, fault }: Tags) {
      if (phase === undefined && fault === undefined) return durationMs;
      const within = spans.filter(
        (span) =>
          (phase === undefined || span.phase === phase) &&
          (fault === undefined || span.fault === fault || span.fault.split('+').includes(fault)),
      );
      // Setup and teardown lie outside of the run's spans.
      return within.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) || durationMs;
    },
  };
}
