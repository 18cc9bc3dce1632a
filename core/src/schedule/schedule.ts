/** One entry of the chaos schedule: a behavior on a proxy, for a while. Times are ms from the start of the run. */
export type ScheduleEntry = {
  /** Unique in the plan; the value of the `fault` tag. */
  readonly name: string;
  readonly proxy: string;
  readonly atMs: number;
  readonly forMs: number;
  /** What is injected, with its share of the requests (or connections), e.g. 20 % delay. */
  readonly behaviors: readonly WeightedBehavior[];
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
