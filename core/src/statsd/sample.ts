import type { Observation } from '../metrics/aggregate.ts';
import type { Tags } from '../metrics/series.ts';
import type { StatsdType } from '../metrics/vocabulary.ts';

/**
 * One value of a statsd line.
 * - `ms`, `h`, `d`: `value` >= 0 (ms for timings), `weight` = the number of samples that it stands for, 1 / sample rate.
 * - `c`: `value` is scaled by 1 / sample rate already, `weight` is 1.
 * - `g`: `delta` is true when the value is to be added, as the sign in front of it says.
 * - `s`: `text` is the member, `value` is 1.
 */
export type StatsdSample = Observation & {
  readonly name: string;
  readonly type: StatsdType;
  /** Frozen where several samples may share them. */
  readonly tags: Tags;
};

/** Longest name of a metric, in UTF-16 units. */
export const MAX_NAME_LENGTH = 255;
/** Most tags of a line, a repeated key counted each time. */
export const MAX_TAGS = 64;
/** Greatest weight, so that counts stay exact. */
export const MAX_WEIGHT: number = Number.MAX_SAFE_INTEGER;
