import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from '../histogram/histogram.ts';
import { latenciesOf, latencyBuckets, latencyCount, latencyQuantile, mergeLatencies } from './latencies.ts';

const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 50 });

function histogramOf(list: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of list) histogram.record(value);
  return histogram;
}

test('merged latencies are those of one histogram with all samples', () => {
  fc.assert(
    fc.property(values, values, (some, more) => {
      const merged = mergeLatencies(latenciesOf(histogramOf(some)), latenciesOf(histogramOf(more)));
      expect(merged).toEqual(latenciesOf(histogramOf([...some, ...more])));
      expect(latencyCount(merged)).toBe(some.length + more.length);
    }),
  );
});

test('neighbours of the finer layout are one bucket, those beyond are others, and nothing is no histogram', () => {
  expect(latenciesOf(histogramOf([100, 100, 102]))).toEqual([562, 2, 1, 1]);
  expect([latenciesOf(histogramOf([])), latencyQuantile([], 0.5), latencyCount([])]).toEqual([[], undefined, 0]);
});

test('quantiles are those of the histogram, to the bucket', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
      const histogram = histogramOf(list);
      const [exact, found] = [histogram.quantile(q), latencyQuantile(latenciesOf(histogram), q)];
      if (exact === undefined || found === undefined) expect(found).toBe(exact);
      else expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.016 + 0.001);
    }),
  );
});

test('buckets are read in their order, with all samples', () => {
  fc.assert(
    fc.property(values, (list) => {
      const latencies = latenciesOf(histogramOf(list));
      const buckets = latencyBuckets(latencies);
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(list.length);
      expect(buckets.map(({ ms }) => ms)).toEqual(buckets.map(({ ms }) => ms).toSorted((a, b) => a - b));
      if (list.length > 0) expect(buckets.at(-1)?.ms).toBe(latencyQuantile(latencies, 1));
    }),
  );
});
