/** An open connection, as whoever watches the proxy sees it. */
export type ConnectionInfo = {
  /** Number of the connection, counted from 1. */
  readonly connection: number;
  /** `host:port` of the client. */
  readonly client: string;
  /** Epoch ms. */
  readonly sinceMs: number;
  readonly requests: number;
  /** Rules in force that have hit it. */
  readonly faults: readonly string[];
};
