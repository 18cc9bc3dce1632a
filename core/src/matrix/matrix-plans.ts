import type { RunPlan } from '../plan/run-plan.ts';
import type { Measured, Threshold } from '../thresholds/threshold.ts';

/** One run of a matrix: the same load with one entry of the schedule alone, or without any. */
export type MatrixPlan = {
  /** The name of the entry; undefined: the run without faults, which the others are compared with. */
  readonly fault?: string | undefined;
  readonly plan: RunPlan;
};

/** What is computed of faults, and has no samples without one. */
const OF_FAULTS: ReadonlySet<string> = new Set(['recovery_time', 'detection_time']);
const PHASES_OF_FAULTS: ReadonlySet<string> = new Set(['chaos', 'recovery']);

/**
 * The runs of a matrix: first one without faults, then one for each entry in the order of the schedule. Entries keep their
 * times, all else stays. A threshold that looks at what a run does not have (another fault, or a phase that is none without
 * faults) is left out of that run.
 */
export function matrixPlans(plan: RunPlan): readonly MatrixPlan[] {
  const faults = [...new Set(plan.schedule.map(({ name }) => name))];
  return [undefined, ...faults].map((fault) => {
    const { remotes } = plan;
    return {
      fault,
      plan: {
        ...plan,
        schedule: plan.schedule.filter(({ name }) => name === fault),
        thresholds: plan.thresholds.filter((threshold) => canBeMeasured(threshold, fault)),
        ...(remotes && {
          remotes: remotes.map((one) => ({ ...one, entries: one.entries.filter(({ name }) => name === fault) })),
        }),
      },
    };
  });
}

function canBeMeasured(threshold: Threshold, fault: string | undefined): boolean {
  if (fault === undefined && OF_FAULTS.has(threshold.metric)) return false;
  const parts: readonly Measured[] = threshold.relativeTo ? [threshold, threshold.relativeTo] : [threshold];
  return parts.every(({ tags }) => {
    if (tags.fault !== undefined && tags.fault !== '' && tags.fault !== fault) return false;
    return fault !== undefined || tags.phase === undefined || !PHASES_OF_FAULTS.has(tags.phase);
  });
}
