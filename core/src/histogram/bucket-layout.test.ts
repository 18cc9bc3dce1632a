import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BUCKETS_PER_OCTAVE,
  bucketOf,
  isBucket,
  LAST_BUCKET,
  lowerBound,
  midpoint,
  OCTAVES,
  octaveOf,
  stepOf,
  upperBound,
} from './bucket-layout.ts';

const HOUR_MS = 3_600_000;

test.each([
  // zero, and what is below 2^-10
  [0, 0],
  [-0, 0],
  [Number.MIN_VALUE, 0],
  [2 ** -10 - 2 ** -63, 0],
  // the first octave begins at 128
  [2 ** -10, 128],
  [2 ** -9, 256],
  // one is 10 octaves further; a step there is 1/128
  [1, 128 + 10 * 128],
  [1 + 1 / 128, 128 + 10 * 128 + 1],
  [2 - 2 ** -52, 128 + 10 * 128 + 127],
  // the last bucket takes the rest
  [2 ** 53, LAST_BUCKET - 127],
  [2 ** 54, LAST_BUCKET],
  [Number.MAX_VALUE, LAST_BUCKET],
])('%d falls into bucket %d', (value, index) => {
  expect(bucketOf(value)).toBe(index);
});

test('every bucket begins at its lower bound and ends just before its upper bound', () => {
  let buckets = 0;
  for (let index = 0; index <= LAST_BUCKET; index++) {
    if (!isBucket(index)) continue;
    buckets += 1;
    expect(bucketOf(lowerBound(index))).toBe(index);
    expect(octaveOf(index) * BUCKETS_PER_OCTAVE + stepOf(index)).toBe(index);
    if (index < LAST_BUCKET) expect(bucketOf(upperBound(index))).toBe(index === 0 ? BUCKETS_PER_OCTAVE : index + 1);
  }
  expect(buckets).toBe((OCTAVES - 1) * BUCKETS_PER_OCTAVE + 1);
});

test('a value lies in its bucket', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
      const index = bucketOf(value);
      return isBucket(index) && lowerBound(index) <= value && value < upperBound(index);
    }),
  );
});

test('the midpoint is within 0.4 % of any value from 1 us to 1 h in ms', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: HOUR_MS, noNaN: true }), (value) => {
      expect(Math.abs(midpoint(bucketOf(value)) - value) / value).toBeLessThanOrEqual(0.004);
    }),
  );
});

test.each([-1, 1, 127, 128.5, LAST_BUCKET + 1, Number.NaN])('%d is no bucket', (index) => {
  expect(isBucket(index)).toBe(false);
});
