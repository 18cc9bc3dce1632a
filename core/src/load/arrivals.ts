import { randomSequence } from '../random/draw.ts';
import type { Pace } from './pace.ts';
import { type Profile, profileMs } from './profile.ts';
import { numberOf, type Slot } from './slot.ts';

/** How arrivals follow each other: at even distances, or as independent users come (a Poisson process). */
export type Spacing = 'even' | 'poisson';

export type ArrivalOptions = {
  /** Arrivals per second over all slots. */
  readonly profile: Profile;
  readonly spacing: Spacing;
  /** Decides the times of a Poisson process; all slots must have the same. */
  readonly seed: number;
  readonly slot: Slot;
};

/** The arrivals of one slot of an open model. Times are ms from the start of the profile. */
export type ArrivalPacer = {
  /** What is to be done at `elapsedMs`, when `sent` arrivals have been started or dropped. */
  pace(elapsedMs: number, sent: number): Pace;
  /** When the slot's arrival number `sent` (from 0) is due; undefined when there is none any more. */
  plannedMs(sent: number): number | undefined;
};

const START: Pace = { kind: 'start' };
const STOP: Pace = { kind: 'stop' };
/** Keeps a sum of floats that is a hair over a whole number from making one more arrival. */
const EPSILON = 1e-9;

/** Decides when the arrivals of a slot begin. All slots together make exactly the arrivals of one slot that has them all. */
export function arrivalPacer({ profile, spacing, seed, slot }: ArrivalOptions): ArrivalPacer {
  const at = inverseOf(profile);
  const position = spacing === 'even' ? (number: number) => number : poissonPositions(seed);
  const plannedMs = (sent: number): number | undefined => at(position(numberOf(sent, slot)));
  return {
    plannedMs,
    pace(elapsedMs, sent) {
      const planned = plannedMs(sent);
      if (planned === undefined) return STOP;
      return planned <= elapsedMs ? START : { kind: 'wait', ms: planned - elapsedMs };
    },
  };
}

/** How many arrivals a profile (per second) makes in all, when they are evenly spaced; the mean of a Poisson process. */
export function arrivalsOf(profile: Profile): number {
  return Math.ceil(areaOf(profile) - EPSILON);
}

function areaOf(profile: Profile): number {
  return profile.reduce((sum, { forMs, from, to }) => sum + ((from + to) / 2) * (forMs / 1000), 0);
}

/** Gives, for a number of arrivals, the moment at which a profile has made so many; undefined when it never does. */
function inverseOf(profile: Profile): (arrivals: number) => number | undefined {
  const total = areaOf(profile);
  const endMs = profileMs(profile);
  return function at(arrivals: number): number | undefined {
    if (arrivals > total - EPSILON) return undefined;
    let left = arrivals;
    let startMs = 0;
    for (const { forMs, from, to } of profile) {
      const area = ((from + to) / 2) * (forMs / 1000);
      if (left <= area && area > 0) return startMs + crossing(left, from / 1000, (to - from) / 1000 / forMs);
      left -= area;
      startMs += forMs;
    }
    return endMs;
  };
}

/** The time (ms) in which a rate that begins at `rate` per ms and grows by `slope` per ms² makes `arrivals`. */
function crossing(arrivals: number, rate: number, slope: number): number {
  if (arrivals <= 0) return 0;
  // The root of slope/2 t² + rate t = arrivals in the form that does not cancel for small slopes.
  return (2 * arrivals) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * arrivals)));
}

/**
 * The positions of a Poisson process of rate 1 (sums of exponential draws), by number. Every slot walks through all of
 * them, so that how the run is split changes nothing. Asking in ascending order is cheap.
 */
function poissonPositions(seed: number): (number: number) => number {
  let next = randomSequence(seed, 'arrivals');
  let [current, sum] = [-1, 0];
  return function position(number: number): number {
    if (number < current) {
      next = randomSequence(seed, 'arrivals');
      [current, sum] = [-1, 0];
    }
    for (; current < number; current++) sum -= Math.log(1 - next());
    return sum;
  };
}
