import { add, pairs, zip } from './track.ts';

/** What the load generators were over time, a value for each step. */
export type LoadTrack = {
  readonly stepMs: number;
  /** Workers at work, times the seconds that they were; divided by the step's seconds, their mean number. */
  readonly workerSeconds: readonly number[];
  /** Iterations that ended. */
  readonly iterations: readonly number[];
  /** Planned iterations that could not begin, since all workers were busy. */
  readonly dropped: readonly number[];
  /** CPU of the scenario process of the busiest node, 1 = one core; null: not known. */
  readonly cpu: readonly (number | null)[];
  /** How late event loops were, p99 of the worst second of any node, ms; null: not known. */
  readonly loopLagMs: readonly (number | null)[];
  /** How late iterations began after they were planned, likewise; null where none was planned. */
  readonly scheduleLagMs: readonly (number | null)[];
};

/** Adds up what two nodes, or two groups of nodes, did. What tells how they were is the worse one. */
export function mergeLoadTracks(a: LoadTrack, b: LoadTrack): LoadTrack {
  const stepMs = Math.max(a.stepMs, b.stepMs);
  const [one, other] = [coarsenedLoad(a, stepMs), coarsenedLoad(b, stepMs)];
  return {
    stepMs,
    workerSeconds: zip(one.workerSeconds, other.workerSeconds, add),
    iterations: zip(one.iterations, other.iterations, add),
    dropped: zip(one.dropped, other.dropped, add),
    cpu: zip(one.cpu, other.cpu, worse),
    loopLagMs: zip(one.loopLagMs, other.loopLagMs, worse),
    scheduleLagMs: zip(one.scheduleLagMs, other.scheduleLagMs, worse),
  };
}

/** A track with steps of `stepMs`, a power of two times its own. */
export function coarsenedLoad(track: LoadTrack, stepMs: number): LoadTrack {
  if (track.stepMs >= stepMs) return track;
  const halved: LoadTrack = {
    stepMs: track.stepMs * 2,
    workerSeconds: pairs(track.workerSeconds, add),
    iterations: pairs(track.iterations, add),
    dropped: pairs(track.dropped, add),
    cpu: pairs(track.cpu, worse),
    loopLagMs: pairs(track.loopLagMs, worse),
    scheduleLagMs: pairs(track.scheduleLagMs, worse),
  };
  return coarsenedLoad(halved, stepMs);
}

function worse(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
