/**
 * Where a fault was injected. `before`: the backend never saw the request; `forwarded`: the backend gets it all the
 * same; `connection`: the fault is one of the connection, where the protocol has no requests.
 */
export type FaultPoint = 'before' | 'forwarded' | 'connection';

/** One injected fault. It is told once, at the moment of the injection. */
export type FaultEvent = {
  /** Unique in the run and the same in a replay; stands in the injected error too, where the protocol has room. */
  readonly id: string;
  /** Epoch ms. */
  readonly atMs: number;
  readonly proxy: string;
  readonly protocol: string;
  readonly behavior: string;
  /** Name of the rule that hit. */
  readonly rule: string;
  /** Number of the connection, counted from 1 for each proxy. */
  readonly connection: number;
  /** Number of the request, counted from 1 for each connection; 0 where the protocol has no requests. */
  readonly request: number;
  /** What was asked for, without data: `GET /cart` (http), `` (tcp). */
  readonly operation: string;
  readonly point: FaultPoint;
  /** The options of the behavior, defaults filled in, times in ms. */
  readonly options: Readonly<Record<string, unknown>>;
};
