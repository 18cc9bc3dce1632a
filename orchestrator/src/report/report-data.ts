/** What the script of a report draws, merged over all nodes. Times are seconds from the start of the run, latencies ms. */
export type ReportData = {
  readonly endS: number;
  /** All requests together, then those of each protocol where there are several, then each name; none when no node kept a timeline. */
  readonly tracks: readonly TrackData[];
  readonly load: LoadData;
  readonly heat: HeatData;
  readonly bands: readonly BandData[];
};

/** Requests over time, a value for each step; the percentiles are null where there were none. */
export type TrackData = {
  readonly name: string;
  /** Undefined of requests of several protocols. */
  readonly protocol?: string | undefined;
  readonly stepS: number;
  /** Good and failed ones, per second. */
  readonly ok: readonly number[];
  readonly ko: readonly number[];
  /** Answers that were waited for on connections, per second: what the percentiles are of, where they are not of the requests. */
  readonly answers?: readonly number[] | undefined;
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
};

/** The load and its generator over time. Rates are per second; CPU is 1 for a core. */
export type LoadData = {
  readonly stepS: number;
  readonly workers: readonly number[];
  readonly iterations: readonly number[];
  readonly dropped: readonly number[];
  readonly cpu: readonly (number | null)[];
  readonly loopLagMs: readonly (number | null)[];
};

/** How many requests took how long: cells of a grid of time and latency. */
export type HeatData = {
  readonly stepS: number;
  /** The bounds of the rows, ms, ascending: one more than there are rows. */
  readonly bounds: readonly number[];
  /** For each step pairs of the number of a row and its count. */
  readonly cells: readonly (readonly number[])[];
};

/** A stretch of time that is marked in all charts. */
export type BandData = {
  readonly kind: 'fault' | 'recovery';
  readonly name: string;
  readonly fromS: number;
  readonly toS: number;
};
