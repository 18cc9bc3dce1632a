/**
 * The log-linear layout that every histogram of every node shares: 128 linear buckets per octave, so a bucket is at
 * most 1/128 of its lower bound wide and its midpoint at most 0.4 % away from any value in it (the idea of HdrHistogram).
 * A bucket is named by the exponent and the top 7 mantissa bits of the IEEE 754 double, so no logarithm is needed.
 * Octaves run from 2^-10 (0.98 us in ms) to 2^53; the octave in front of them has one bucket, index 0, for all below.
 */
const SUB_BUCKET_BITS = 7;
const SUB_BUCKETS = 1 << SUB_BUCKET_BITS;
const LOWEST_EXPONENT = -10;
const HIGHEST_EXPONENT = 53;
const EXPONENT_BIAS = 1023;
const MANTISSA_BITS_IN_HIGH_WORD = 20;

// The hot functions below use constants that are not exported: an exported binding costs a load, 1 ns each (measured).
const OCTAVE_COUNT = HIGHEST_EXPONENT - LOWEST_EXPONENT + 2;
const LAST = OCTAVE_COUNT * SUB_BUCKETS - 1;
const SMALLEST_TRACKED = 2 ** LOWEST_EXPONENT;
const SHIFT = MANTISSA_BITS_IN_HIGH_WORD - SUB_BUCKET_BITS;
const BASE = (EXPONENT_BIAS + LOWEST_EXPONENT - 1) << SUB_BUCKET_BITS;

export const BUCKETS_PER_OCTAVE: number = SUB_BUCKETS;
/** How many octaves there are: that of bucket 0 and those of the exponents. */
export const OCTAVES: number = OCTAVE_COUNT;
/** The bucket that also takes all values above its lower bound. */
export const LAST_BUCKET: number = LAST;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The bucket of a finite value >= 0: 0, or 128 to `LAST_BUCKET`. */
export function bucketOf(value: number): number {
  if (value < SMALLEST_TRACKED) return 0;
  double[0] = value;
  return Math.min(((words[HIGH_WORD] as number) >>> SHIFT) - BASE, LAST);
}

/** The octave of a bucket: 0 for bucket 0, then one per exponent. */
export function octaveOf(index: number): number {
  return index >>> SUB_BUCKET_BITS;
}

/** The place of a bucket in its octave, 0 to 127. */
export function stepOf(index: number): number {
  return index & (SUB_BUCKETS - 1);
}

/** Whether a number names a bucket. The rest of the octave of bucket 0 is never used. */
export function isBucket(index: number): boolean {
  return index === 0 || (Number.isInteger(index) && index >= SUB_BUCKETS && index <= LAST);
}

/** The smallest value of a bucket. */
export function lowerBound(index: number): number {
  return index === 0 ? 0 : 2 ** (octaveOf(index) - 1 + LOWEST_EXPONENT) * (1 + stepOf(index) / SUB_BUCKETS);
}

/** The value at which the next bucket begins, itself outside; `Infinity` for the last bucket. */
export function upperBound(index: number): number {
  if (index === LAST) return Number.POSITIVE_INFINITY;
  return index === 0 ? SMALLEST_TRACKED : lowerBound(index + 1);
}

/** The value that stands for a bucket: its midpoint; 0 for bucket 0, where nearly all values are 0. */
export function midpoint(index: number): number {
  return index === 0 ? 0 : (lowerBound(index) + upperBound(index)) / 2;
}
