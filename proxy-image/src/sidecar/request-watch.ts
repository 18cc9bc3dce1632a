import { Histogram, type LiveRequests, REQUEST_METRICS, type Series } from '@loads/core';

/** How many windows are "the last few seconds": with a flush a second, 5 s. */
const WINDOWS = 5;
const MOST_NAMES = 50;
/** Names that are counted by themselves; what a foreign program has beyond it is in `(other)`. */
const MOST_COUNTED = 500;
const OTHER = '(other)';

type Totals = { readonly protocol: string; readonly name: string; requests: number; failed: number };
/** What came in between two flushes, by protocol and name. */
type Window = {
  readonly fromMs: number;
  readonly durations: ReadonlyMap<string, Histogram>;
  readonly requests: ReadonlyMap<string, number>;
};

/** What a sample of a metric says of a request. */
type Meaning = { readonly protocol: string; readonly of: 'count' | 'failed' | 'duration' };
const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  REQUEST_METRICS.flatMap(({ protocol, count, failed, duration }): [string, Meaning][] => [
    [count, { protocol, of: 'count' }],
    [failed, { protocol, of: 'failed' }],
    [duration, { protocol, of: 'duration' }],
  ]),
);

/**
 * The requests of a node by protocol and name, for whoever watches: totals, and how the last five seconds went. It costs a look at what
 * every flush gives anyway, and its answer is bounded: the 50 most frequent names, and the rest of each protocol as `(other)`.
 */
export class RequestWatch {
  readonly #totals = new Map<string, Totals>();
  #windows: readonly Window[] = [];
  #sinceMs: number;

  /** `startMs`: since when samples come in, on the clock of `take`. */
  constructor(startMs: number) {
    this.#sinceMs = startMs;
  }

  /** Takes what came in up to `nowMs` since the last time. */
  take(window: readonly Series[], nowMs: number): readonly LiveRequests[] {
    const durations = new Map<string, Histogram>();
    const requests = new Map<string, number>();
    for (const { metric, tags, aggregate } of window) {
      const meaning = MEANINGS.get(metric);
      if (meaning === undefined) continue;
      const { protocol, of } = meaning;
      const totals = this.#totalsOf(protocol, tags.name);
      const key = keyOf(totals);
      if (of === 'count' && aggregate.kind === 'counter') {
        totals.requests += aggregate.sum;
        requests.set(key, (requests.get(key) ?? 0) + aggregate.sum);
      } else if (of === 'failed' && aggregate.kind === 'rate') {
        totals.failed += aggregate.sum;
      } else if (of === 'duration' && aggregate.kind === 'trend') {
        durations.set(key, (durations.get(key) ?? new Histogram()).merge(aggregate.histogram));
      }
    }
    this.#windows = [...this.#windows, { fromMs: this.#sinceMs, durations, requests }].slice(-WINDOWS);
    this.#sinceMs = nowMs;
    return this.#rows(nowMs);
  }

  #rows(nowMs: number): readonly LiveRequests[] {
    const frequent = [...this.#totals.values()].sort((a, b) => b.requests - a.requests);
    const own = frequent.filter(({ name }) => name !== OTHER);
    const rows = own.slice(0, MOST_NAMES).map((one) => this.#row(one.protocol, one.name, [one], nowMs));
    const rest = [...own.slice(MOST_NAMES), ...frequent.filter(({ name }) => name === OTHER)];
    const others = Map.groupBy(rest, ({ protocol }) => protocol);
    return [...rows, ...[...others].map(([protocol, all]) => this.#row(protocol, OTHER, all, nowMs))];
  }

  #row(protocol: string, name: string, all: readonly Totals[], nowMs: number): LiveRequests {
    const [first] = this.#windows;
    const durations = new Histogram();
    const row = { requests: 0, failed: 0, recent: 0 };
    for (const totals of all) {
      const key = keyOf(totals);
      row.requests += totals.requests;
      row.failed += totals.failed;
      for (const window of this.#windows) {
        row.recent += window.requests.get(key) ?? 0;
        const recent = window.durations.get(key);
        if (recent) durations.merge(recent);
      }
    }
    const seconds = (nowMs - (first?.fromMs ?? nowMs)) / 1000;
    const rate = seconds > 0 ? row.recent / seconds : 0;
    return { name, protocol, requests: row.requests, failed: row.failed, rate, durations: durations.toJSON() };
  }

  /** The totals of a name: its own, or, beyond the limit of names, those of the others of its protocol. */
  #totalsOf(protocol: string, name = '(unnamed)'): Totals {
    const known = this.#totals.get(keyOf({ protocol, name }));
    if (known) return known;
    if (name !== OTHER && this.#totals.size >= MOST_COUNTED) return this.#totalsOf(protocol, OTHER);
    const made = { protocol, name, requests: 0, failed: 0 };
    this.#totals.set(keyOf(made), made);
    return made;
  }
}

function keyOf({ protocol, name }: Pick<Totals, 'protocol' | 'name'>): string {
  return `${protocol}\u0000${name}`;
}
