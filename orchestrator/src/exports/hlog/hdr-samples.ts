import { type Histogram, type Latencies, latencyBuckets } from '@loads/core';
import type { HdrSamples } from './encode-hdr.ts';

const NS_PER_MS = 1e6;

/** The samples of a histogram of ms, in ns: each bucket at its middle, the smallest and the largest sample as they were. */
export function samplesOf(histogram: Histogram): readonly HdrSamples[] {
  const { min, max } = histogram;
  if (min === undefined || max === undefined) return [];
  const middles = [...histogram.buckets()].map(({ index, lower, upper, count }) => {
    const middle = index === 0 ? 0 : (lower + upper) / 2;
    return { ms: Math.min(Math.max(middle, min), max), count };
  });
  const [first, last] = [middles[0], middles.at(-1)];
  if (!first || !last) return [];
  const lowest = Math.min(1, first.count);
  first.count -= lowest;
  const highest = Math.min(1, last.count);
  last.count -= highest;
  return [{ ms: min, count: lowest }, ...middles, { ms: max, count: highest }]
    .filter(({ count }) => count > 0)
    .map(({ ms, count }) => ({ value: nanoseconds(ms), count }));
}

/** The same of a step of the timeline, whose buckets are wider. */
export function samplesOfStep(latencies: Latencies): readonly HdrSamples[] {
  return latencyBuckets(latencies).map(({ ms, count }) => ({ value: nanoseconds(ms), count }));
}

/** What is beyond the largest whole number (104 days) counts as that. */
function nanoseconds(ms: number): number {
  return Math.min(Math.round(ms * NS_PER_MS), Number.MAX_SAFE_INTEGER);
}
