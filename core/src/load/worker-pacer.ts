import type { Pace } from './pace.ts';
import type { Span } from './profile.ts';

export type WorkerPacerOptions = {
  /** When the worker is to be at work, ms from the start, ascending. */
  readonly spans: readonly Span[];
  /** The most iterations that it begins. */
  readonly limit?: number | undefined;
};

/** Decides what one worker of a closed model does next. `elapsedMs` must not go back. */
export type WorkerPacer = { pace(elapsedMs: number, begun: number): Pace };

const START: Pace = { kind: 'start' };
const STOP: Pace = { kind: 'stop' };

/** A worker begins an iteration whenever it is free within its spans, until it has begun `limit`. */
export function workerPacer({ spans, limit = Number.POSITIVE_INFINITY }: WorkerPacerOptions): WorkerPacer {
  return {
    pace(elapsedMs, begun) {
      if (begun >= limit) return STOP;
      for (const { fromMs, toMs } of spans) {
        if (elapsedMs < fromMs) return { kind: 'wait', ms: fromMs - elapsedMs };
        if (elapsedMs < toMs) return START;
      }
      return STOP;
    },
  };
}
