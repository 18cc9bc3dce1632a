import {
  formatLine,
  type SampleWindow,
  type StatsdLine,
  type Tags,
  timingFormatter,
  type WeightedSample,
} from '@loads/core';

/** What a window held, and how it is written. */
type Timings = {
  readonly samples: readonly WeightedSample[];
  readonly format: (value: number, weight: number) => string;
};

/** Turns aggregates into lines of statsd, and counts the samples that they stand for. */
export class LineSink {
  #lines: (string | Timings)[] = [];
  #samples = 0;

  /** A sum since the last flush. */
  counter(name: string, value: number, tags: Tags): void {
    if (value !== 0) this.#add({ name, type: 'c', value, tags }, 1);
  }

  /** So many ones and so many zeros. */
  rate(name: string, ones: number, zeros: number, tags: Tags): void {
    if (ones > 0) this.#add({ name, type: 'h', value: 1, weight: ones, tags }, ones);
    if (zeros > 0) this.#add({ name, type: 'h', value: 0, weight: zeros, tags }, zeros);
  }

  /** Empties a window: one weighted timing for each of its buckets. */
  trend(name: string, window: SampleWindow, tags: Tags): void {
    const samples = window.drain();
    if (samples.length === 0) return;
    const format = timingFormatter({ name, type: 'ms', tags });
    this.#lines.push({ samples, format });
    for (const { count } of samples) this.#samples += count;
  }

  gauge(name: string, value: number, tags: Tags): void {
    // A negative value takes two lines, to 0 and down from it: two samples for whoever receives them.
    for (const line of formatLine({ name, type: 'g', value, tags }).split('\n')) {
      this.#lines.push(line);
      this.#samples += 1;
    }
  }

  /**
   * The lines since the last time, and how many samples they are. Timings are written when they are asked for: all of a
   * second at once would hold up for some ms what is due meanwhile.
   */
  take(): { readonly lines: Iterable<string>; readonly samples: number } {
    const taken = { lines: written(this.#lines), samples: this.#samples };
    this.#lines = [];
    this.#samples = 0;
    return taken;
  }

  #add(line: StatsdLine, samples: number): void {
    this.#lines.push(formatLine(line));
    this.#samples += samples;
  }
}

function* written(lines: readonly (string | Timings)[]): Generator<string> {
  for (const line of lines) {
    if (typeof line === 'string') yield line;
    else for (const { value, count } of line.samples) yield line.format(value, count);
  }
}
