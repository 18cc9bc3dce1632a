import { type Latencies, latencyCount } from '../timeline/latencies.ts';

/** The bucket in which the quantile q (0-1) lies; 0 without samples. */
export function placeOf(latencies: Latencies, q: number): number {
  const rank = q * latencyCount(latencies);
  let [bucket, seen] = [0, 0];
  for (let i = 0; i < latencies.length; i += 2) {
    bucket += latencies[i] ?? 0;
    seen += latencies[i + 1] ?? 0;
    if (seen >= rank) break;
  }
  return bucket;
}

/** How many samples are in that bucket or above it. */
export function countFrom(latencies: Latencies, place: number): number {
  let [bucket, count] = [0, 0];
  for (let i = 0; i < latencies.length; i += 2) {
    bucket += latencies[i] ?? 0;
    if (bucket >= place) count += latencies[i + 1] ?? 0;
  }
  return count;
}
