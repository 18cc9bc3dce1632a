import { paceOf, pooled, type RunStep } from './run-step.ts';

/** How a run is while nothing is broken, and how far a step may be from that. */
export type SteadyState = {
  /** Requests for what the load asked for, in the middle one of the steps. */
  readonly pace: number;
  /** Share of the requests that failed. */
  readonly failedRatio: number;
  readonly p95Ms: number;
  readonly leastPace: number;
  readonly mostFailed: number;
  readonly mostP95Ms: number;
};

/** What a step may differ by: a fifth in pace and in p95 (or 10 ms, if that is more), one in a hundred in failures. */
export const TOLERANCE = { pace: 0.2, failedRatio: 0.01, p95: 0.2, p95Ms: 10 } as const;
/** A twentieth of the steady steps are further off: what they allow themselves is no sign of a fault. */
const USUAL = 0.05;
/** From fewer steps nothing can be said. */
const FEWEST = 3;

/**
 * The steady state that some steps show; undefined when they are too few. A step is as usual when it is within the tolerance,
 * or no worse than all but a twentieth of the steady steps were.
 */
export function steadyState(steps: readonly RunStep[]): SteadyState | undefined {
  const asked = steps.filter(({ demand, count }) => demand > 0 && count > 0);
  if (asked.length < FEWEST) return undefined;
  const paces = sorted(asked.map((step) => paceOf(step) ?? 0));
  const ratios = sorted(asked.map(ratioOf));
  const p95s = sorted(asked.map(({ p95Ms }) => p95Ms ?? 0));
  const all = pooled(asked);
  const [failedRatio, p95Ms = 0] = [ratioOf(all), all.p95Ms];
  const pace = at(paces, 0.5);
  return {
    pace,
    failedRatio,
    p95Ms,
    leastPace: Math.min((1 - TOLERANCE.pace) * pace, at(paces, USUAL)),
    mostFailed: Math.max(failedRatio + TOLERANCE.failedRatio, at(ratios, 1 - USUAL)),
    mostP95Ms: Math.max(p95Ms * (1 + TOLERANCE.p95), p95Ms + TOLERANCE.p95Ms, at(p95s, 1 - USUAL)),
  };
}

/** Whether a step is as the steady state is: its rate, its failures and its p95. */
export function isSteady(step: RunStep, steady: SteadyState): boolean {
  const pace = paceOf(step);
  // Where the load asks for nothing, nothing is missing.
  if (pace === undefined) return true;
  if (pace < steady.leastPace) return false;
  if (step.count === 0) return true;
  return ratioOf(step) <= steady.mostFailed && (step.p95Ms ?? 0) <= steady.mostP95Ms;
}

/** Good requests for what the load asked for. */
export function goodPace({ count, failed, demand }: RunStep): number | undefined {
  return paceOf({ count: count - failed, demand });
}

function ratioOf({ requests, failed }: RunStep): number {
  return requests === 0 ? 0 : failed / requests;
}

function sorted(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

function at(ascending: readonly number[], q: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(q * ascending.length))] ?? 0;
}
