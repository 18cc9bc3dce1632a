import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, isBucket, LAST_BUCKET, lowerBound, midpoint, upperBound } from './bucket-layout.ts';
import { Histogram } from './histogram.ts';
import { SampleWindow, type WeightedSample } from './sample-window.ts';

const value = fc.oneof(
  fc.constantFrom(0, 1, 2 ** -10),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
  fc.double({ min: 0, max: 1e300, noNaN: true }),
);

test('an empty window drains to nothing', () => {
  expect(new SampleWindow().drain()).toEqual([]);
});

test('splits the exact min and max out of their buckets', () => {
  // 10 to 10.06 is one bucket
  const window = windowOf([10.01, 10.02, 10.04, 10.03]);
  expect(window.count).toBe(4);
  expect(window.drain()).toEqual([
    { value: 10.01, count: 1 },
    { value: expect.closeTo(10.025, 12), count: 2 },
    { value: 10.04, count: 1 },
  ]);
});

test('a rate of 0 and 1 takes two samples', () => {
  expect(windowOf([1, 0, 0, 1, 0]).drain()).toEqual([
    { value: 0, count: 3 },
    { value: 1, count: 2 },
  ]);
});

test('a single sample stays as it is', () => {
  expect(windowOf([0.1]).drain()).toEqual([{ value: 0.1, count: 1 }]);
});

test('drained samples give the same histogram as the samples themselves', () => {
  fc.assert(fc.property(fc.array(value, { maxLength: 300 }), expectLossless));
});

test('rounding never moves the mean of a bucket out of it, nor beyond the min or max', () => {
  const ulps = fc.integer({ min: 0, max: 4 });
  const bucket = fc.integer({ min: 0, max: LAST_BUCKET - 1 }).filter(isBucket);
  // What rounds the most: one value, or values some ulps inside the edge of a bucket, again and again.
  const atBottom = fc.tuple(bucket, ulps).map(([index, n]) => lowerBound(index) * (1 + n * Number.EPSILON));
  const atTop = fc.tuple(bucket, ulps).map(([index, n]) => upperBound(index) * (1 - (n + 0.5) * Number.EPSILON));
  const pattern = fc.array(fc.oneof(value, atBottom, atTop), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      pattern,
      fc.integer({ min: 1, max: 500 }),
      fc.array(value, { maxLength: 2 }),
      (parts, times, others) => {
        expectLossless([...Array.from({ length: times }, () => parts).flat(), ...others]);
      },
    ),
    { numRuns: 500 },
  );
});

test('taking out the min does not round the mean of the rest into the next bucket', () => {
  const bucket = bucketOf(1);
  const justInside = upperBound(bucket) - Number.EPSILON;
  for (let times = 1; times < 200; times++) {
    // Each sum loses the last digits of `justInside`, and only the min has kept it below the bound.
    expectLossless([midpoint(bucket), ...new Array<number>(times).fill(justInside), 9]);
  }
});

test('a drained window is empty and serves like a new one', () => {
  const reused = new SampleWindow();
  fc.assert(
    fc.property(fc.array(value), (samples) => {
      for (const sample of samples) reused.record(sample);
      expect(reused.count).toBe(samples.length);
      expect(reused.drain()).toEqual(windowOf(samples).drain());
      expect(reused.count).toBe(0);
      expect(reused.drain()).toEqual([]);
    }),
  );
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (sample) => {
  const window = new SampleWindow();
  expect(() => window.record(sample)).toThrow(RangeError);
  expect(window.count).toBe(0);
});

function expectLossless(samples: readonly number[]): void {
  const drained = windowOf(samples).drain();
  const direct = histogramOf(samples.map((sample) => ({ value: sample, count: 1 })));
  const { sum, ...rest } = histogramOf(drained).toJSON();
  const { sum: directSum, ...directRest } = direct.toJSON();
  expect(rest).toEqual(directRest);
  // Of the smallest doubles there are no bits left to round: each sample may be off by one of them.
  expect(Math.abs(sum - directSum)).toBeLessThanOrEqual(directSum * 1e-11 + samples.length * Number.MIN_VALUE);
  // No more than one sample per bucket, and the two extremes.
  expect(drained.length).toBeLessThanOrEqual(new Set(samples.map(bucketOf)).size + 2);
}

function windowOf(samples: readonly number[]): SampleWindow {
  const window = new SampleWindow();
  for (const sample of samples) window.record(sample);
  return window;
}

function histogramOf(samples: readonly WeightedSample[]): Histogram {
  const histogram = new Histogram();
  for (const sample of samples) histogram.record(sample.value, sample.count);
  return histogram;
}
