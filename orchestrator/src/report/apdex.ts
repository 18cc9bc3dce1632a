import {
  carries,
  type Latencies,
  latencyBuckets,
  REQUEST_METRICS,
  type Series,
  seriesKey,
  type Tags,
} from '@loads/core';
import type { Tone } from '../page/badge.ts';

/** Samples by how they please: up to T they satisfy, up to 4 T they are tolerated, beyond it, and where they fail, they frustrate. */
export type ApdexCounts = { readonly satisfied: number; readonly tolerated: number; readonly all: number };

/** T where none is given, ms. */
export const DEFAULT_APDEX_MS = 500;

/**
 * Apdex (Application Performance Index, technical specification 1.1) of the requests that carry `tags`, in one protocol
 * where it is named; `tMs` is its T. Connections, on which one waits many times, have none. Undefined without requests. Exact to a bucket of the histograms (0.8 %).
 */
export function apdexOf(
  series: readonly Series[],
  tMs: number,
  tags: Tags = {},
  protocol?: string,
): number | undefined {
  const rated = REQUEST_METRICS.filter((one) => one.timedEach && one.protocol === (protocol ?? one.protocol));
  const failed = new Set(rated.map((one) => one.failed));
  const durations = new Map(rated.map((one) => [one.duration, one.failed]));
  let [satisfied, tolerated, all] = [0, 0, 0];
  const failures = new Map<string, number>();
  for (const { metric, tags: own, aggregate } of series) {
    if (!failed.has(metric) || aggregate.kind !== 'rate' || !carries(own, tags)) continue;
    all += aggregate.count;
    failures.set(seriesKey(metric, own), aggregate.count > 0 ? aggregate.sum / aggregate.count : 0);
  }
  for (const { metric, tags: own, aggregate } of series) {
    const failure = durations.get(metric);
    if (failure === undefined || aggregate.kind !== 'trend' || !carries(own, tags)) continue;
    // A series has one status: all of it failed, or nothing.
    const good = 1 - (failures.get(seriesKey(failure, own)) ?? 0);
    const upToT = aggregate.histogram.countAtMost(tMs);
    satisfied += good * upToT;
    tolerated += good * (aggregate.histogram.countAtMost(4 * tMs) - upToT);
  }
  return scoreOf({ satisfied, tolerated, all });
}

/**
 * Apdex of a stretch of time, of which only the latencies of all requests are known: failed ones are taken to be among the
 * fastest, so that it is never higher than it was.
 */
export function apdexAtLeast(latencies: Latencies, failed: number, tMs: number): number | undefined {
  let [satisfied, tolerated, all] = [0, 0, 0];
  for (const { ms, count } of latencyBuckets(latencies)) {
    all += count;
    if (ms <= tMs) satisfied += count;
    else if (ms <= 4 * tMs) tolerated += count;
  }
  const slowFailures = Math.max(0, failed - satisfied);
  return scoreOf({
    satisfied: Math.max(0, satisfied - failed),
    tolerated: Math.max(0, tolerated - slowFailures),
    all: Math.max(all, failed),
  });
}

/** The word for a score, as FunkLoad rates it. */
export function apdexRating(score: number): { readonly word: string; readonly tone: Tone } {
  if (score < 0.5) return { word: 'unacceptable', tone: 'bad' };
  if (score < 0.7) return { word: 'poor', tone: 'bad' };
  if (score < 0.85) return { word: 'fair', tone: 'warn' };
  return { word: score < 0.94 ? 'good' : 'excellent', tone: 'good' };
}

function scoreOf({ satisfied, tolerated, all }: ApdexCounts): number | undefined {
  return all > 0 ? (satisfied + tolerated / 2) / all : undefined;
}
