import type { RunPlan } from '../plan/run-plan.ts';
import { phaseLookup } from '../schedule/phase-lookup.ts';
import type { Disturbance } from './disturbance.ts';
import { type Performance, type RunStep, runSteps } from './run-step.ts';
import { type SteadyState, steadyState } from './steady-state.ts';

/** From the begin of a disturbance until the run was as before, ms from the start. */
export type Troubled = { readonly fromMs: number; readonly toMs: number };

/** A disturbance, and what it is to be compared within. */
export type Comparison = {
  readonly plan: RunPlan;
  /** The requests of a protocol over time, and the load. */
  readonly performance: Performance;
  readonly group: Disturbance;
  /** When the load ends. */
  readonly endMs: number;
  /** What other disturbances spoilt before it. */
  readonly troubled: readonly Troubled[];
};

/** The steady phase before a fault is looked at for so long. */
const BEFORE_MS = 60_000;
/** A step needs so many requests, or its p95 says nothing; else steps are made longer ... */
const ENOUGH = 20;
/** ... up to so many times. */
const LONGEST_STEPS = 64;
/** Where so many steps before a fault are empty, what was done earlier had its end before it. */
const LAST = 3;

/** The steps of a run, and the steady state before a disturbance, or else that of the whole run, if it has one. */
export function compare({ plan, performance, group, endMs, troubled }: Comparison): {
  readonly steps: readonly RunStep[];
  readonly steady: SteadyState | undefined;
  readonly stepMs: number;
  /** Whether something was done right before the disturbance, and in steps so much that their p95 says something. */
  readonly telling: boolean;
} {
  const phaseAt = phaseLookup(plan.schedule, plan.recoveryMs);
  const finest = performance.track.stepMs;
  // In the first step everything is done for the first time.
  const calmOf = (steps: readonly RunStep[]): readonly RunStep[] =>
    steps.filter(
      ({ fromMs, toMs }, i) =>
        i > 0 &&
        phaseAt(fromMs, toMs - 1).phase === 'steady' &&
        !troubled.some((one) => one.fromMs < toMs && fromMs < one.toMs),
    );
  for (let stepMs = finest; ; stepMs *= 2) {
    const steps = runSteps(plan, performance, stepMs, endMs);
    const calm = calmOf(steps);
    const near = calm.filter((step) => step.toMs <= group.fromMs && step.fromMs >= group.fromMs - BEFORE_MS - stepMs);
    const steady = steadyState(near) ?? steadyState(calm);
    const coarser = calmOf(runSteps(plan, performance, stepMs * 2, group.fromMs));
    const enough = medianCount(near.length > 0 ? near : calm) >= ENOUGH;
    if (enough || !steadyState(coarser) || stepMs * 2 > finest * LONGEST_STEPS) {
      const last = near.slice(-LAST);
      return { steps, steady, stepMs, telling: enough && (last.length === 0 || last.some(({ count }) => count > 0)) };
    }
  }
}

function medianCount(steps: readonly RunStep[]): number {
  const counts = steps.map(({ count }) => count).sort((a, b) => a - b);
  return counts[Math.floor(counts.length / 2)] ?? 0;
}
