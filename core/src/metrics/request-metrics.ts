/** The metrics in which a protocol tells of its requests, by name (tag `name`). */
export type RequestMetrics = {
  /** As rows of requests call it. */
  readonly protocol: string;
  /** Counter of the requests. */
  readonly count: string;
  /** Rate with a one for each request that failed. */
  readonly failed: string;
  /** Trend of how long they took, ms. */
  readonly duration: string;
  /**
   * Each request has one duration, and is counted when it has ended. Of a connection that is kept there are many durations: one
   * for each wait on it; and it is counted when it is opened, while how it went is known when it has ended.
   */
  readonly timedEach: boolean;
};

/**
 * What a request is in each protocol, in the order in which tables show them. Whatever shows requests, or what users wait for,
 * goes through this list: another protocol is one more line.
 */
export const REQUEST_METRICS: readonly RequestMetrics[] = [
  {
    protocol: 'http',
    count: 'http_reqs',
    failed: 'http_req_failed',
    duration: 'http_req_duration',
    timedEach: true,
  },
  {
    protocol: 'grpc',
    count: 'grpc_reqs',
    failed: 'grpc_req_failed',
    duration: 'grpc_req_duration',
    timedEach: true,
  },
  { protocol: 'ws', count: 'ws_sessions', failed: 'ws_session_failed', duration: 'ws_waiting', timedEach: false },
  { protocol: 'tcp', count: 'tcp_sessions', failed: 'tcp_session_failed', duration: 'tcp_waiting', timedEach: false },
];

/** The metrics of a protocol; undefined for one that is not known. */
export function requestMetricsOf(protocol: string | undefined): RequestMetrics | undefined {
  return REQUEST_METRICS.find((one) => one.protocol === protocol);
}

/** Orders protocols as tables show them. */
export function compareProtocols(a: string | undefined, b: string | undefined): number {
  const place = (protocol: string | undefined): number => REQUEST_METRICS.findIndex((one) => one.protocol === protocol);
  return place(a) - place(b);
}
