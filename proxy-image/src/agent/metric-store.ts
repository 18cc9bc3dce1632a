import {
  type Aggregate,
  emptyAggregate,
  kindOf,
  type MetricKind,
  mergeInto,
  observe,
  type PhaseStamp,
  type Series,
  type StatsdSample,
  seriesKey,
  type Tags,
} from '@loads/core';

type StoredSeries = {
  readonly metric: string;
  readonly tags: Tags;
  readonly kind: MetricKind;
  /** Everything up to the last flush; undefined before the first that had a sample of it. */
  total: Aggregate | undefined;
  /** What came since the last flush. */
  window: Aggregate | undefined;
};

/** The series that samples with these very tags went to, and what they have to say again to go there. */
type Seen = Pick<StatsdSample, 'type'> & Partial<PhaseStamp> & { readonly series: StoredSeries };

export type MetricStoreOptions = {
  /** The most distinct series; samples of further ones are rejected and counted. */
  readonly maxSeries?: number;
  /** What a sample that names no phase is stamped with: where the run stands at `atMs` (epoch). */
  readonly stamp: (atMs: number) => PhaseStamp;
};

/** What became of the samples: what was received is stored or rejected. */
export type StoreCounts = { readonly received: number; readonly stored: number; readonly rejected: number };

/** The node's memory: every series as a mergeable aggregate, in all and since the last flush. */
export class MetricStore {
  readonly #maxSeries: number;
  readonly #stamp: (atMs: number) => PhaseStamp;
  readonly #series = new Map<string, StoredSeries>();
  /** Series by their tags in the order in which they came, since sorting them for each line costs more than the rest. */
  readonly #asTheyCame = new Map<string, StoredSeries>();
  /** The same for tags that the parser knows again, by metric: nothing has to be put together for a line then. */
  readonly #known = new WeakMap<Tags, Map<string, Seen>>();
  readonly #kinds = new Map<string, MetricKind>();
  #stored = 0;
  #rejected = 0;
  #counts: StoreCounts = { received: 0, stored: 0, rejected: 0 };

  constructor({ maxSeries = 10_000, stamp }: MetricStoreOptions) {
    this.#maxSeries = maxSeries;
    this.#stamp = stamp;
  }

  /** Takes one line of statsd that arrived at `atMs` (epoch). */
  record(sample: StatsdSample, atMs: number): void {
    const samples = samplesOf(sample);
    const series = this.#seriesOf(sample, atMs);
    // A foreign program may send one of our trends as a counter or gauge, with a value that no trend has.
    if (!series || (series.kind === 'trend' && sample.value < 0)) {
      this.#rejected += samples;
      return;
    }
    series.window ??= emptyAggregate(series.kind);
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
      const { metric, tags, kind, window } = series;
      if (!window) continue;
      series.total ??= emptyAggregate(kind);
      mergeInto(series.total, window);
      series.window = undefined;
      touched.push({ metric, tags, aggregate: window });
    }
    const [stored, rejected] = [this.#stored, this.#rejected];
    this.#counts = { received: stored + rejected, stored, rejected };
    return touched;
  }

  /** Everything up to the last flush. */
  get series(): readonly Series[] {
    return [...this.#series.values()].flatMap(({ metric, tags, total }) =>
      total ? [{ metric, tags, aggregate: total }] : [],
    );
  }

  /** The counts up to the last flush: those of `series`. */
  get counts(): StoreCounts {
    return this.#counts;
  }

  /** The series of a sample; undefined when there is no room for it, or its metric is of another kind. */
  #seriesOf(sample: StatsdSample, atMs: number): StoredSeries | undefined {
    const { name, type, tags } = sample;
    const stamp = tags.phase === undefined ? this.#stamp(atMs) : undefined;
    const seen = this.#known.get(tags)?.get(name);
    if (seen && seen.type === type && seen.phase === stamp?.phase && seen.fault === stamp?.fault) return seen.series;
    const series = this.#asItCame(sample, stamp);
    // Tags that are nobody else's come once.
    if (series && Object.isFrozen(tags)) {
      const byMetric = this.#known.get(tags) ?? new Map<string, Seen>();
      this.#known.set(tags, byMetric.set(series.metric, { type, ...stamp, series }));
    }
    return series;
  }

  #asItCame(sample: StatsdSample, stamp: PhaseStamp | undefined): StoredSeries | undefined {
    const { name, type, tags } = sample;
    let key = stamp ? `${name}\u0000${type}\u0000${stamp.phase}\u0000${stamp.fault}` : `${name}\u0000${type}`;
    for (const tag in tags) key += `\u0000${tag}\u0001${tags[tag]}`;
    const known = this.#asTheyCame.get(key);
    if (known) return known;

    const series = this.#sorted(sample, stamp ? stamped(tags, stamp) : tags);
    // Starting over is cheaper than an order of use. A program that shuffles its tags gets no more memory for it.
    if (this.#asTheyCame.size >= 4 * this.#maxSeries) this.#asTheyCame.clear();
    if (series) this.#asTheyCame.set(key, series);
    return series;
  }

  #sorted({ name, type }: StatsdSample, tags: Tags): StoredSeries | undefined {
    const kind = kindOf(name, type);
    if ((this.#kinds.get(name) ?? kind) !== kind) return undefined;
    // An empty tag is none, in the database as in a selector: both make one series.
    const present = detachedTags(tags);
    const key = seriesKey(name, present);
    const known = this.#series.get(key);
    if (known) return known;
    if (this.#series.size >= this.#maxSeries) return undefined;
    const metric = detached(name);
    const made = { metric, tags: present, kind, total: undefined, window: undefined };
    this.#kinds.set(metric, kind);
    this.#series.set(detached(key), made);
    return made;
  }
}

function stamped(tags: Tags, { phase, fault }: PhaseStamp): Tags {
  return fault === '' || tags.fault !== undefined ? { ...tags, phase } : { ...tags, phase, fault };
}

/** A timing stands for its weight in samples; a line of any other type is one sample. */
function samplesOf({ type, weight }: StatsdSample): number {
  return type === 'ms' || type === 'h' || type === 'd' ? weight : 1;
}

/** What a gauge's change is added to. */
function gaugeBase({ window, total }: StoredSeries): number {
  if (window?.kind === 'gauge' && window.count > 0) return window.last;
  return total?.kind === 'gauge' ? total.last : 0;
}

/** A copy that does not keep the datagram, of which the parser's strings are slices, in memory. */
function detached(text: string): string {
  return Buffer.from(text).toString();
}

function detachedTags(tags: Tags): Tags {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([tag, value]) => (value === '' ? [] : [[detached(tag), detached(value)]])),
  );
}
