import { Histogram, type LiveRequests, type Series } from '@loads/core';

/** How many windows are "the last few seconds": with a flush a second, 5 s. */
const WINDOWS = 5;
const MOST_NAMES = 50;
/** Names that are counted by themselves; what a foreign program has beyond it is in `(other)`. */
const MOST_COUNTED = 500;
const OTHER = '(other)';

type Totals = { requests: number; failed: number };
/** What came in between two flushes, by name. */
type Window = {
  readonly fromMs: number;
  readonly durations: ReadonlyMap<string, Histogram>;
  readonly requests: ReadonlyMap<string, number>;
};

/**
 * The requests of a node by name, for whoever watches: totals, and how the last five seconds went. It costs a look at what
 * every flush gives anyway, and its answer is bounded: the 50 most frequent names, and the rest as `(other)`.
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
      if (metric === 'http_reqs' && aggregate.kind === 'counter') {
        const name = this.#nameOf(tags.name);
        this.#totalsOf(name).requests += aggregate.sum;
        requests.set(name, (requests.get(name) ?? 0) + aggregate.sum);
      } else if (metric === 'http_req_failed' && aggregate.kind === 'rate') {
        this.#totalsOf(this.#nameOf(tags.name)).failed += aggregate.sum;
      } else if (metric === 'http_req_duration' && aggregate.kind === 'trend') {
        const name = this.#nameOf(tags.name);
        durations.set(name, (durations.get(name) ?? new Histogram()).merge(aggregate.histogram));
      }
    }
    this.#windows = [...this.#windows, { fromMs: this.#sinceMs, durations, requests }].slice(-WINDOWS);
    this.#sinceMs = nowMs;
    return this.#rows(nowMs);
  }

  #rows(nowMs: number): readonly LiveRequests[] {
    const names = [...this.#totals].sort(([, a], [, b]) => b.requests - a.requests).map(([name]) => name);
    const own = names.filter((name) => name !== OTHER);
    const rows = own.slice(0, MOST_NAMES).map((name) => this.#row(name, [name], nowMs));
    const others = [...own.slice(MOST_NAMES), ...names.filter((name) => name === OTHER)];
    return others.length === 0 ? rows : [...rows, this.#row(OTHER, others, nowMs)];
  }

  #row(name: string, names: readonly string[], nowMs: number): LiveRequests {
    const [first] = this.#windows;
    const durations = new Histogram();
    const row = { requests: 0, failed: 0, recent: 0 };
    for (const one of names) {
      const totals = this.#totals.get(one);
      row.requests += totals?.requests ?? 0;
      row.failed += totals?.failed ?? 0;
      for (const window of this.#windows) {
        row.recent += window.requests.get(one) ?? 0;
        const recent = window.durations.get(one);
        if (recent) durations.merge(recent);
      }
    }
    const seconds = (nowMs - (first?.fromMs ?? nowMs)) / 1000;
    const rate = seconds > 0 ? row.recent / seconds : 0;
    return { name, requests: row.requests, failed: row.failed, rate, durations: durations.toJSON() };
  }

  #totalsOf(name: string): Totals {
    const known = this.#totals.get(name);
    if (known) return known;
    const made = { requests: 0, failed: 0 };
    this.#totals.set(name, made);
    return made;
  }

  #nameOf(name = '(unnamed)'): string {
    return this.#totals.has(name) || this.#totals.size < MOST_COUNTED ? name : OTHER;
  }
}
