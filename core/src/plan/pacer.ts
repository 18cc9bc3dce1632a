/** What a worker does next: begin an iteration, wait, or stop. */
export type Pace =
  | { readonly kind: 'start' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'stop' };

/** Decides when iterations begin. Pure: `elapsedMs` is the time since the start of the run. */
export type Pacer = { pace(elapsedMs: number): Pace };

const START: Pace = { kind: 'start' };
const STOP: Pace = { kind: 'stop' };

/** The closed model: every worker begins its next iteration as soon as the last one ended, for `durationMs`. */
export function constantWorkers({ durationMs }: { durationMs: number }): Pacer {
  return {
    pace(elapsedMs: number): Pace {
      if (elapsedMs < 0) return { kind: 'wait', ms: -elapsedMs };
      return elapsedMs < durationMs ? START : STOP;
    },
  };
}
