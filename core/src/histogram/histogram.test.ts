import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { randomSequence } from '../random/draw.ts';
import { LAST_BUCKET } from './bucket-layout.ts';
import { Histogram } from './histogram.ts';

const QUANTILES = [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];

/** Timings in ms from 1 us to 1 h. */
const timing = fc.double({ min: 0.001, max: 3_600_000, noNaN: true });
const anyValue = fc.oneof(
  fc.constantFrom(0, 1),
  timing,
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true, max: 1e300 }),
);

test('statistics of an empty histogram are undefined', () => {
  const empty = new Histogram();
  expect([empty.count, empty.sum]).toEqual([0, 0]);
  expect([empty.min, empty.max, empty.mean, empty.quantile(0), empty.quantile(1)]).toEqual(Array(5).fill(undefined));
  expect(empty.countAtMost(Number.POSITIVE_INFINITY)).toBe(0);
  expect([...empty.buckets()]).toEqual([]);
});

test('count, sum, min, max and mean are those of the samples', () => {
  const histogram = histogramOf([3, 0, 12.5]);
  histogram.record(2, 4);
  expect(histogram).toMatchObject({ count: 7, sum: 23.5, min: 0, max: 12.5, mean: 23.5 / 7 });
});

test.each([
  [-1, 1],
  [Number.NaN, 1],
  [Number.POSITIVE_INFINITY, 1],
  [1, 0],
  [1, -1],
  [1, Number.NaN],
  [1, Number.POSITIVE_INFINITY],
])('refuses the value %d with the count %d', (value, count) => {
  const histogram = new Histogram();
  expect(() => histogram.record(value, count)).toThrow(RangeError);
  expect(histogram.count).toBe(0);
});

test('a rate of 0 and 1 keeps both values exactly', () => {
  const failed = new Histogram();
  failed.record(0, 97);
  failed.record(1, 3);
  expect(failed).toMatchObject({ mean: 0.03, min: 0, max: 1 });
  expect([failed.quantile(0.97), failed.quantile(0.98)]).toEqual([0, 1]);
});

test('-0 is 0', () => {
  const histogram = histogramOf([-0]);
  expect([histogram.min, histogram.max, histogram.mean, histogram.quantile(0.5)]).toEqual([0, 0, 0, 0]);
});

test('the rank of a decimal quantile does not suffer from float rounding', () => {
  const histogram = histogramOf(Array.from({ length: 100 }, (_, i) => i + 1));
  // 0.07 * 100 is 7.000000000000001
  expect(histogram.quantile(0.07)).toBeCloseTo(7, 1);
  expect(histogram.quantile(0.071)).toBeCloseTo(8, 1);
});

test.each([-0.01, 1.01, Number.NaN])('refuses %d as a quantile', (q) => {
  expect(() => new Histogram().quantile(q)).toThrow(RangeError);
});

test('quantiles of 1e5 log-normal timings are within 0.5 % of the exact ones, and no worse than HDR', () => {
  const samples = logNormal(100_000, { median: 12, sigma: 1.2 });
  const histogram = histogramOf(samples);
  const microseconds = build({ numberOfSignificantValueDigits: 3, highestTrackableValue: 3_600_000_000 });
  for (const sample of samples) microseconds.recordValue(Math.round(sample * 1000));
  const sorted = samples.toSorted((a, b) => a - b);
  for (const q of QUANTILES) {
    const value = histogram.quantile(q) ?? Number.NaN;
    expect(relativeError(value, exactQuantile(sorted, q))).toBeLessThanOrEqual(0.005);
    // HDR's own error is 0.1 %, and it knows whole microseconds only.
    expect(relativeError(value, microseconds.getValueAtPercentile(q * 100) / 1000)).toBeLessThanOrEqual(0.006);
  }
});

test('any quantile of timings from 1 us to 1 h is within 0.5 % of the value at its rank', () => {
  fc.assert(
    fc.property(fc.array(timing, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (samples, q) => {
      const exact = exactQuantile(
        samples.toSorted((a, b) => a - b),
        q,
      );
      expect(relativeError(histogramOf(samples).quantile(q) ?? Number.NaN, exact)).toBeLessThanOrEqual(0.005);
    }),
  );
});

test('quantiles are monotone from min to max', () => {
  fc.assert(
    fc.property(
      fc.array(anyValue, { minLength: 1 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (xs, qs) => {
        const histogram = histogramOf(xs);
        const values = [0, ...qs.toSorted((a, b) => a - b), 1].map((q) => histogram.quantile(q) ?? Number.NaN);
        expect(values[0]).toBe(Math.min(...xs));
        expect(values.at(-1)).toBe(Math.max(...xs));
        expect(values).toEqual(values.toSorted((a, b) => a - b));
      },
    ),
  );
});

test('merging gives what recording everything into one gives, in any order and grouping', () => {
  const samples = fc.array(anyValue);
  fc.assert(
    fc.property(samples, samples, samples, (a, b, c) => {
      const all = histogramOf([...a, ...b, ...c]);
      const leftFirst = histogramOf(a).merge(histogramOf(b)).merge(histogramOf(c));
      const rightFirst = histogramOf(a).merge(histogramOf(b).merge(histogramOf(c)));
      const backwards = histogramOf(c).merge(histogramOf(b)).merge(histogramOf(a));
      for (const merged of [leftFirst, rightFirst, backwards]) expectSame(merged, all);
    }),
  );
});

test('merging leaves the other histogram as it is', () => {
  const other = histogramOf([1, 2]);
  const merged = new Histogram().merge(other);
  merged.record(1);
  expect([...other.buckets()].map((bucket) => bucket.count)).toEqual([1, 1]);
});

test('a histogram survives JSON', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyValue, fc.integer({ min: 1, max: 1_000_000 }))), (weighted) => {
      const histogram = new Histogram();
      for (const [value, count] of weighted) histogram.record(value, count);
      const read = Histogram.fromJSON(JSON.parse(JSON.stringify(histogram)));
      expect([...read.buckets()]).toEqual([...histogram.buckets()]);
      expect(read.toJSON()).toEqual(histogram.toJSON());
      expect(read.quantile(0.9)).toEqual(histogram.quantile(0.9));
    }),
  );
});

test('a sum beyond the doubles saturates, and still survives JSON', () => {
  const histogram = histogramOf([1.7e308, 1.7e308]);
  expect(histogram.sum).toBe(Number.MAX_VALUE);
  expect(Histogram.fromJSON(JSON.parse(JSON.stringify(histogram))).sum).toBe(Number.MAX_VALUE);
});

test('fractional counts survive JSON', () => {
  const histogram = new Histogram();
  for (const value of logNormal(1000, { median: 1, sigma: 1 })) histogram.record(value, 1 / 0.3);
  expect(Histogram.fromJSON(JSON.parse(JSON.stringify(histogram))).count).toBe(histogram.count);
});

test('countAtMost counts whole buckets up to the bound', () => {
  const histogram = histogramOf([0, 1, 1.001, 10, 1e300]);
  expect(histogram.countAtMost(-1)).toBe(0);
  expect(histogram.countAtMost(0)).toBe(1);
  // 1.001 shares the bucket of 1
  expect(histogram.countAtMost(1)).toBe(3);
  expect(histogram.countAtMost(9.9)).toBe(3);
  expect(histogram.countAtMost(10)).toBe(4);
  expect(histogram.countAtMost(2 ** 53)).toBe(4);
  expect(histogram.countAtMost(Number.POSITIVE_INFINITY)).toBe(5);
});

test('countAtMost never misses a sample and never counts one that is a bucket away', () => {
  fc.assert(
    fc.property(fc.array(timing, { minLength: 1 }), timing, (samples, bound) => {
      const counted = histogramOf(samples).countAtMost(bound);
      expect(counted).toBeGreaterThanOrEqual(samples.filter((sample) => sample <= bound).length);
      expect(counted).toBeLessThanOrEqual(samples.filter((sample) => sample <= bound * (1 + 1 / 128)).length);
    }),
  );
});

test('buckets come ascending, with their bounds', () => {
  const histogram = histogramOf([1e300, 1, 0, 1.5]);
  expect([...histogram.buckets()]).toEqual([
    { index: 0, lower: 0, upper: 2 ** -10, count: 1 },
    { index: 1408, lower: 1, upper: 1 + 1 / 128, count: 1 },
    { index: 1472, lower: 1.5, upper: 1.5 + 1 / 128, count: 1 },
    { index: LAST_BUCKET, lower: 2 ** 54 - 2 ** 46, upper: Number.POSITIVE_INFINITY, count: 1 },
  ]);
});

test('a reset histogram is an empty one', () => {
  const histogram = histogramOf([1, 2, 3]);
  histogram.reset();
  expect(histogram.toJSON()).toEqual(new Histogram().toJSON());
  expectSame(histogram.merge(histogramOf([5])), histogramOf([5]));
});

function histogramOf(samples: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const sample of samples) histogram.record(sample);
  return histogram;
}

/** Equal in all that is exact; the sum depends on the order of additions in its last digits. */
function expectSame(actual: Histogram, expected: Histogram): void {
  const { sum: actualSum, ...actualRest } = actual.toJSON();
  const { sum: expectedSum, ...expectedRest } = expected.toJSON();
  expect(actualRest).toEqual(expectedRest);
  expect(Math.abs(actualSum - expectedSum)).toBeLessThanOrEqual(expectedSum * 1e-12);
}

function exactQuantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(Math.ceil(q * sorted.length * (1 - 2 * Number.EPSILON)), 1) - 1] ?? Number.NaN;
}

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / expected;
}

function logNormal(length: number, { median, sigma }: { median: number; sigma: number }): number[] {
  const random = randomSequence(7, 'log-normal');
  return Array.from({ length }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return median * Math.exp(sigma * normal);
  });
}
