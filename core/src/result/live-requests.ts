import { Histogram } from '../histogram/histogram.ts';
import type { HistogramJson } from '../histogram/histogram-json.ts';

/** The requests of one name on a node: totals so far, and how they went in the last few seconds. */
export type LiveRequests = {
  readonly name: string;
  /** One of `REQUEST_METRICS`. */
  readonly protocol: string;
  readonly requests: number;
  readonly failed: number;
  /** Per second, in the last few seconds. */
  readonly rate: number;
  /** Durations of the same seconds, ms. */
  readonly durations: HistogramJson;
};

/** The same over all nodes. */
export type LiveRequestTotals = Omit<LiveRequests, 'durations'> & { readonly durations: Histogram };

/** The rows of all nodes, one for each name of each protocol, the most frequent first. A name that a node does not list counts as `(other)` there. */
export function addLiveRequests(nodes: readonly (readonly LiveRequests[])[]): readonly LiveRequestTotals[] {
  const rows = new Map<string, LiveRequestTotals>();
  for (const { name, protocol, requests, failed, rate, durations } of nodes.flat()) {
    const key = `${protocol}\u0000${name}`;
    const known = rows.get(key);
    rows.set(key, {
      name,
      protocol,
      requests: requests + (known?.requests ?? 0),
      failed: failed + (known?.failed ?? 0),
      rate: rate + (known?.rate ?? 0),
      durations: (known?.durations ?? new Histogram()).merge(Histogram.fromJSON(durations)),
    });
  }
  return [...rows.values()].sort((a, b) => b.requests - a.requests || a.name.localeCompare(b.name));
}
