/** A behavior on a proxy, for a while: an entry of the schedule with its times settled. Times are ms from the start of the run. */
export type ScheduleEntry = FaultSetting & {
  /** The value of the `fault` tag. Entries that share one follow each other in time: repeats, and the steps of a ramp. */
  readonly name: string;
  readonly proxy: string;
  readonly atMs: number;
  readonly forMs: number;
  /** Its place in a ramp, from 0. What one step of a ramp holds, the end of the step does not set free. */
  readonly step?: number | undefined;
  /** It may touch nothing, and the run is valid all the same. */
  readonly optional?: boolean | undefined;
};

/** What is injected, and into which traffic. */
export type FaultSetting = {
  /** With their shares of the requests (or connections), e.g. 20 % delay; the rest passes. */
  readonly behaviors: readonly WeightedBehavior[];
  readonly scope?: Scope | undefined;
  readonly match?: Selector | undefined;
};

/** What one draw decides for: a request (the default; over tcp the connection), or all requests of a connection. */
export type Scope = 'request' | 'connection';

/** Which requests may be hit at all. What is not said, selects everything. */
export type Selector = {
  /** The operation, where `*` stands for any text: `GET /items*`, `HSET`, `INSERT`. Upper and lower case are alike. */
  readonly operation?: string | undefined;
  /** The client's address, or its network: `10.0.0.7`, `10.0.0.0/8`. */
  readonly client?: string | undefined;
  /** HTTP fields by lower-case name, each with the text that its value has to contain. */
  readonly header?: Readonly<Record<string, string>> | undefined;
  /** Only every nth of the requests that the rest selects. */
  readonly every?: number | undefined;
};

/** A behavior with the share of the traffic that it touches, in percent (0-100], and its validated options. */
export type WeightedBehavior = {
  readonly percent: number;
  readonly behavior: string;
  readonly options: Readonly<Record<string, unknown>>;
};

/** The entries in force at one moment (ms from the start): from `atMs` on, and no longer at `atMs + forMs`. */
export function entriesAt(schedule: readonly ScheduleEntry[], atMs: number): readonly ScheduleEntry[] {
  return schedule.filter((entry) => entry.atMs <= atMs && atMs < entry.atMs + entry.forMs);
}

/** The moments (ms from the start, ascending, without repeats) at which the entries in force change. */
export function changesOf(schedule: readonly ScheduleEntry[]): readonly number[] {
  const moments = new Set(schedule.flatMap((entry) => [entry.atMs, entry.atMs + entry.forMs]));
  return [...moments].sort((a, b) => a - b);
}
