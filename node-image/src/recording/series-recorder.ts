import { type PhaseStamp, SampleWindow, type Tags } from '@loads/core';
import { ByStamp } from './by-stamp.ts';
import type { LineSink } from './line-sink.ts';
import type { Stamp } from './stamp.ts';
import { tagsOf } from './tags-of.ts';

/** Adds to a sum, for something that happened at an instant or lasted from one to another. */
export type Counter = (value: number, fromMs: number, toMs?: number) => void;
/** Takes a value that was measured from one instant to another. */
export type Trend = (value: number, fromMs: number, toMs: number) => void;
/** Counts whether something that lasted from one instant to another is the case. */
export type Rate = (one: boolean, fromMs: number, toMs: number) => void;
/** Sets a value. */
export type Gauge = (value: number, atMs: number) => void;

/**
 * Aggregates samples of metrics of any name until the next flush, each in the phase that it belongs to. Whoever takes many
 * samples of one series keeps its function: finding it costs a key.
 */
export class SeriesRecorder {
  readonly #stamp: Stamp;
  readonly #known = new Map<string, Counter | Trend | Rate | Gauge>();
  readonly #flushes: ((sink: LineSink) => void)[] = [];

  constructor(stamp: Stamp) {
    this.#stamp = stamp;
  }

  counter(metric: string, tags: Tags): Counter {
    return this.#once('counter', metric, tags, () => {
      const at = this.#byStamp(
        tags,
        () => ({ sum: 0 }),
        (one, its, sink) => {
          sink.counter(metric, one.sum, its);
          one.sum = 0;
        },
      );
      return (value: number, fromMs: number, toMs = fromMs) => {
        at.at(this.#stamp(fromMs, toMs)).sum += value;
      };
    });
  }

  trend(metric: string, tags: Tags): Trend {
    return this.#once('trend', metric, tags, () => {
      const at = this.#byStamp(
        tags,
        () => new SampleWindow(),
        (one, its, sink) => sink.trend(metric, one, its),
      );
      return (value: number, fromMs: number, toMs: number) =>
        at.at(this.#stamp(fromMs, toMs)).record(Math.max(0, value));
    });
  }

  rate(metric: string, tags: Tags): Rate {
    return this.#once('rate', metric, tags, () => {
      const at = this.#byStamp(
        tags,
        () => ({ ones: 0, zeros: 0 }),
        (one, its, sink) => {
          sink.rate(metric, one.ones, one.zeros, its);
          one.ones = one.zeros = 0;
        },
      );
      return (one: boolean, fromMs: number, toMs: number) => {
        at.at(this.#stamp(fromMs, toMs))[one ? 'ones' : 'zeros'] += 1;
      };
    });
  }

  gauge(metric: string, tags: Tags): Gauge {
    return this.#once('gauge', metric, tags, () => {
      const at = this.#byStamp(
        tags,
        (): { value: number | undefined } => ({ value: undefined }),
        (one, its, sink) => {
          if (one.value !== undefined) sink.gauge(metric, one.value, its);
          one.value = undefined;
        },
      );
      return (value: number, atMs: number) => {
        at.at(this.#stamp(atMs, atMs)).value = value;
      };
    });
  }

  /** Writes everything since the last flush. */
  flush(sink: LineSink): void {
    for (const flush of this.#flushes) flush(sink);
  }

  #once<Take extends Counter | Trend | Rate | Gauge>(kind: string, metric: string, tags: Tags, make: () => Take): Take {
    const key = [kind, metric, ...Object.entries(tags).flat()].join('\n');
    const known = this.#known.get(key) as Take | undefined;
    if (known !== undefined) return known;
    const made = make();
    this.#known.set(key, made);
    return made;
  }

  #byStamp<Window>(
    tags: Tags,
    make: () => Window,
    flush: (window: Window, tags: Tags, sink: LineSink) => void,
  ): ByStamp<Window> {
    return new ByStamp(({ phase, fault }: PhaseStamp) => {
      const window = make();
      const its = tagsOf({ ...tags, phase, fault });
      this.#flushes.push((sink) => flush(window, its, sink));
      return window;
    });
  }
}
