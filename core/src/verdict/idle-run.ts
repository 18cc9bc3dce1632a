import type { RunPlan } from '../plan/run-plan.ts';

/** What became of the iterations of a run. */
export type IterationCounts = { readonly ended: number; readonly interrupted: number; readonly dropped: number };

/** Why a scenario that came to nothing at all cannot be judged: it says nothing of the service. A program need not have iterations. */
export function idleRun({ scenario }: RunPlan, { ended, interrupted, dropped }: IterationCounts): readonly string[] {
  if (scenario.kind !== 'script' || ended + interrupted + dropped > 0) return [];
  return ['no iteration began: nothing was measured'];
}
