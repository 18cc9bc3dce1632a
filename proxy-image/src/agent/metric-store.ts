import {
  type Aggregate,
  emptyAggregate,
  kindOf,
  mergeInto,
  observe,
  type PhaseStamp,
  type Series,
  type StatsdSample,
  seriesKey,
  type Tags,
} from '@loads/core';

/** A series with all that it has seen, and what came since the last flush. */
type StoredSeries = Series & { window: Aggregate | undefined };

export type MetricStoreOptions = {
  /** The most distinct series; samples of further ones are rejected and counted. */
  readonly maxSeries?: number;
  /** What a sample that names no phase is stamped with: where the run stands at `atMs` (epoch). */
  readonly stamp: (atMs: number) => PhaseStamp;
};

/** What became of the samples so far. */
export type StoreCounts = { readonly received: number; readonly stored: number; readonly rejected: number };

/** The node's memory: every series as a mergeable aggregate, in all and since the last flush. */
export class MetricStore {
  readonly #maxSeries: number;
  readonly #stamp: (atMs: number) => PhaseStamp;
  readonly #series = new Map<string, StoredSeries>();
  #received = 0;
  #stored = 0;
  #rejected = 0;

  constructor({ maxSeries = 10_000, stamp }: MetricStoreOptions) {
    this.#maxSeries = maxSeries;
    this.#stamp = stamp;
  }

  /** Takes one line of statsd that arrived at `atMs` (epoch). */
  record(sample: StatsdSample, atMs: number): void {
    const samples = samplesOf(sample);
    this.#received += samples;
    const series = this.#seriesOf(sample, atMs);
    // A foreign program may send one of our trends as a counter or gauge, with a value that no trend has.
    if (!series || (series.aggregate.kind === 'trend' && sample.value < 0)) {
      this.#rejected += samples;
      return;
    }
    series.window ??= emptyAggregate(series.aggregate.kind);
    const value = sample.delta ? gaugeBase(series) + sample.value : sample.value;
    observe(series.window, { value, weight: sample.weight, text: sample.text }, atMs);
    this.#stored += samples;
  }

  /** Counts a line that was no statsd. */
  reject(): void {
    this.#rejected += 1;
  }

  /** Closes the window: gives every series that was touched since the last flush with what came in since. */
  flush(): readonly Series[] {
    const touched: Series[] = [];
    for (const series of this.#series.values()) {
      const { metric, tags, window } = series;
      if (!window) continue;
      mergeInto(series.aggregate, window);
      series.window = undefined;
      touched.push({ metric, tags, aggregate: window });
    }
    return touched;
  }

  /** Everything up to the last flush. */
  get series(): readonly Series[] {
    return [...this.#series.values()].map(({ metric, tags, aggregate }) => ({ metric, tags, aggregate }));
  }

  get counts(): StoreCounts {
    return { received: this.#received, stored: this.#stored, rejected: this.#rejected };
  }

  #seriesOf(sample: StatsdSample, atMs: number): StoredSeries | undefined {
    const tags = sample.tags.phase === undefined ? this.#stamped(sample.tags, atMs) : sample.tags;
    const key = seriesKey(sample.name, tags);
    const known = this.#series.get(key);
    if (known) return known;
    if (this.#series.size >= this.#maxSeries) return undefined;
    const kind = kindOf(sample.name, sample.type);
    const made = {
      metric: detached(sample.name),
      tags: detachedTags(tags),
      aggregate: emptyAggregate(kind),
      window: undefined,
    };
    this.#series.set(detached(key), made);
    return made;
  }

  #stamped(tags: Tags, atMs: number): Tags {
    const { phase, fault } = this.#stamp(atMs);
    return fault === '' || tags.fault !== undefined ? { ...tags, phase } : { ...tags, phase, fault };
  }
}

/** A timing stands for its weight in samples; a line of any other type is one sample. */
function samplesOf({ type, weight }: StatsdSample): number {
  return type === 'ms' || type === 'h' || type === 'd' ? weight : 1;
}

/** What a gauge's change is added to. */
function gaugeBase({ window, aggregate }: StoredSeries): number {
  if (window?.kind === 'gauge' && window.count > 0) return window.last;
  return aggregate.kind === 'gauge' ? aggregate.last : 0;
}

/** A copy that does not keep the datagram, of which the parser's strings are slices, in memory. */
function detached(text: string): string {
  return Buffer.from(text).toString();
}

function detachedTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).map(([tag, value]) => [detached(tag), detached(value)]));
}
