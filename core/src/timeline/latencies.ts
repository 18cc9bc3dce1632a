import { BUCKETS_PER_OCTAVE, LAST_BUCKET, lowerBound, upperBound } from '../histogram/bucket-layout.ts';
import type { Histogram } from '../histogram/histogram.ts';

/**
 * A histogram of latencies with nothing but its counts, as small as it can be: a pair for each non-empty bucket, ascending,
 * of the distance to the bucket before (the first: to 0) and the count. A bucket is four neighbours of the layout of all
 * histograms, so that there are 32 to an octave and a value is at most 1.6 % away from the middle of its bucket.
 */
export type Latencies = readonly number[];

const NEIGHBOURS = 4;

/** The counts of a histogram. */
export function latenciesOf(histogram: Histogram): Latencies {
  const latencies: number[] = [];
  let last = 0;
  for (const { index, count } of histogram.buckets()) {
    const bucket = Math.floor(index / NEIGHBOURS);
    if (latencies.length > 0 && bucket === last) latencies[latencies.length - 1] = (latencies.at(-1) ?? 0) + count;
    else latencies.push(bucket - last, count);
    last = bucket;
  }
  return latencies;
}

/** Whether a number names a bucket of latencies. */
export function isLatencyBucket(bucket: number): boolean {
  const within = bucket >= BUCKETS_PER_OCTAVE / NEIGHBOURS && bucket <= LAST_BUCKET / NEIGHBOURS;
  return bucket === 0 || (Number.isInteger(bucket) && within);
}

/** The samples of both: exact addition, in any order. */
export function mergeLatencies(a: Latencies, b: Latencies): Latencies {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  // A run of many nodes comes here a million times: no tuples, no closures, no list that grows, no look beyond an end.
  let [i, j, n] = [0, 0, 0];
  let atA = a[0] as number;
  let atB = b[0] as number;
  let last = 0;
  while (i < a.length && j < b.length) {
    const at = Math.min(atA, atB);
    let count = 0;
    if (atA === at) {
      count += a[i + 1] as number;
      i += 2;
      if (i < a.length) atA += a[i] as number;
    }
    if (atB === at) {
      count += b[j + 1] as number;
      j += 2;
      if (j < b.length) atB += b[j] as number;
    }
    scratch[n] = at - last;
    scratch[n + 1] = count;
    n += 2;
    last = at;
  }
  const [rest, from, at] = i < a.length ? [a, i, atA] : [b, j, atB];
  for (let k = from; k < rest.length; k++) scratch[n + k - from] = rest[k] as number;
  // The first one left is as far from the last merged one as it is.
  if (from < rest.length) scratch[n] = at - last;
  return scratch.slice(0, n + rest.length - from);
}

/** Where two are merged, before the list of the right length is made. */
const scratch: number[] = [];

/** How many samples there are. */
export function latencyCount(latencies: Latencies): number {
  let count = 0;
  for (let i = 1; i < latencies.length; i += 2) count += latencies[i] ?? 0;
  return count;
}

/** The latency (ms) at rank ceil(q * count), q in [0, 1]: the middle of its bucket, within 1.6 %. Undefined without samples. */
export function latencyQuantile(latencies: Latencies, q: number): number | undefined {
  const rank = Math.max(1, Math.ceil(q * latencyCount(latencies) * (1 - 2 * Number.EPSILON)));
  let [index, seen] = [0, 0];
  for (let i = 0; i < latencies.length; i += 2) {
    index += latencies[i] ?? 0;
    seen += latencies[i + 1] ?? 0;
    if (seen >= rank) return middleOf(index);
  }
  return latencies.length === 0 ? undefined : middleOf(index);
}

/** The samples bucket by bucket, ascending: the middle of the bucket (ms), and how many are in it. */
export function latencyBuckets(latencies: Latencies): readonly { readonly ms: number; readonly count: number }[] {
  const buckets: { readonly ms: number; readonly count: number }[] = [];
  let index = 0;
  for (let i = 0; i < latencies.length; i += 2) {
    index += latencies[i] ?? 0;
    buckets.push({ ms: middleOf(index), count: latencies[i + 1] ?? 0 });
  }
  return buckets;
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const lower = lowerBound(bucket * NEIGHBOURS);
  const upper = upperBound(bucket * NEIGHBOURS + NEIGHBOURS - 1);
  return Number.isFinite(upper) ? (lower + upper) / 2 : lower;
}
