/** What a proxy counted since its start. */
export type ProxyStats = {
  connectionsAccepted: number;
  connectionsOpen: number;
  /** Connections over the limit, turned away at once. */
  connectionsRefused: number;
  /** Requests that were recognised; 0 where the protocol has none. */
  requests: number;
  /** Faults that were injected. */
  faults: number;
  bytesToBackend: number;
  bytesToClient: number;
  /** Attempts to connect to the backend that failed. */
  backendFailures: number;
  /** Connections whose bytes are only passed on: upgraded, a tunnel, or not understood. No fault touches them. */
  opaque: number;
};

/** Counters at zero. */
export function newStats(): ProxyStats {
  return {
    connectionsAccepted: 0,
    connectionsOpen: 0,
    connectionsRefused: 0,
    requests: 0,
    faults: 0,
    bytesToBackend: 0,
    bytesToClient: 0,
    backendFailures: 0,
    opaque: 0,
  };
}
