import {
  type Aggregate,
  emptyAggregate,
  kindOf,
  observe,
  type Series,
  SeriesMerge,
  seriesKey,
  type Tags,
} from '@loads/core';

type Window = Map<string, { readonly metric: string; readonly tags: Tags; readonly aggregate: Aggregate }>;

/** Takes samples with their seconds, in about the order of time, and gives second after second as it is complete. */
export class SampleSeries {
  readonly #windows = new Map<number, Window>();
  readonly #merge = new SeriesMerge();
  readonly #onSecond: (series: readonly Series[], fromMs: number) => void;
  #samples = 0;

  /** `onSecond` is given a second's series with its begin, ms; of a late sample the same second comes again. */
  constructor(onSecond: (series: readonly Series[], fromMs: number) => void) {
    this.#onSecond = onSecond;
  }

  /** All samples up to the last `finish`. */
  get series(): readonly Series[] {
    return this.#merge.series;
  }

  get samples(): number {
    return this.#samples;
  }

  /** A sample at `atMs` from the start of the run. */
  record(metric: string, tags: Tags, value: number, atMs: number): void {
    const second = Math.floor(atMs / 1000);
    let window = this.#windows.get(second);
    if (!window) {
      window = new Map();
      this.#windows.set(second, window);
      if (this.#windows.size > OPEN_SECONDS) this.#close(Math.min(...this.#windows.keys()));
    }
    const key = seriesKey(metric, tags);
    let series = window.get(key);
    if (!series) {
      const kind = kindOf(metric, metric === 'group_duration' ? 'ms' : 'c');
      series = { metric, tags, aggregate: emptyAggregate(kind) };
      window.set(key, series);
    }
    observe(series.aggregate, { value, weight: 1 }, atMs);
    this.#samples += 1;
  }

  /** There are no more. */
  finish(): void {
    for (const second of [...this.#windows.keys()].sort((a, b) => a - b)) this.#close(second);
  }

  #close(second: number): void {
    const series = [...(this.#windows.get(second)?.values() ?? [])];
    this.#windows.delete(second);
    this.#merge.add(series);
    this.#onSecond(series, second * 1000);
  }
}

/** How many seconds are open at a time: FunkLoad's users write when they are through with a request. */
const OPEN_SECONDS = 8;
