import { Histogram } from '../histogram/histogram.ts';
import { REQUEST_METRICS, type RequestMetrics } from '../metrics/request-metrics.ts';
import type { Series } from '../metrics/series.ts';
import { trackKey } from './timeline.ts';

/** The requests of one name of a protocol in one window. */
export type Requests = {
  readonly protocol: string;
  readonly name: string;
  count: number;
  failed: number;
  /** Sent and received together. */
  bytes: number;
  /** How long they took, or, on connections, how long was waited for each answer, ms. */
  readonly durations: Histogram;
};

const METRICS: ReadonlyMap<string, RequestMetrics> = new Map(
  REQUEST_METRICS.flatMap((one) => [one.count, one.failed, one.duration].map((metric) => [metric, one] as const)),
);
const BYTES: ReadonlySet<string> = new Set(['data_sent', 'data_received']);

/**
 * What the series of a window tell of requests. Bytes do not say what was spoken: they belong to the request of their name, the
 * first of `REQUEST_METRICS` where there are several; where the window has none, `protocolOf` says what the name is known to speak.
 */
export function requestsIn(
  window: readonly Series[],
  protocolOf: (name: string) => string | undefined,
): readonly Requests[] {
  const found = new Map<string, Requests>();
  const of = (protocol: string, name: string): Requests => {
    const key = trackKey({ protocol, name });
    const requests = found.get(key) ?? { protocol, name, count: 0, failed: 0, bytes: 0, durations: new Histogram() };
    found.set(key, requests);
    return requests;
  };
  for (const { metric, tags, aggregate } of window) {
    const metrics = METRICS.get(metric);
    if (!metrics) continue;
    const requests = of(metrics.protocol, tags.name ?? '');
    if (aggregate.kind === 'trend') requests.durations.merge(aggregate.histogram);
    else if (aggregate.kind === 'counter' && metrics.timedEach) requests.count += Math.max(0, aggregate.sum);
    else if (aggregate.kind === 'rate') {
      requests.failed += aggregate.sum;
      // As tables do: a connection counts when it has ended.
      if (!metrics.timedEach) requests.count += aggregate.count;
    }
  }
  for (const { metric, tags, aggregate } of window) {
    if (!BYTES.has(metric) || aggregate.kind !== 'counter') continue;
    const name = tags.name ?? '';
    const spoken = REQUEST_METRICS.find(({ protocol }) => found.has(trackKey({ protocol, name })))?.protocol;
    of(spoken ?? protocolOf(name) ?? 'http', name).bytes += Math.max(0, aggregate.sum);
  }
  return [...found.values()];
}
