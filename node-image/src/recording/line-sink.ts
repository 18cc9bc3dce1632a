import { formatLine, type SampleWindow, type StatsdLine, type Tags, timingFormatter } from '@loads/core';

/** Turns aggregates into lines of statsd, and counts the samples that they stand for. */
export class LineSink {
  #lines: string[] = [];
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
    for (const { value, count } of samples) {
      this.#lines.push(format(value, count));
      this.#samples += count;
    }
  }

  gauge(name: string, value: number, tags: Tags): void {
    // A negative value takes two lines, to 0 and down from it: two samples for whoever receives them.
    for (const line of formatLine({ name, type: 'g', value, tags }).split('\n')) {
      this.#lines.push(line);
      this.#samples += 1;
    }
  }

  /** The lines since the last time, and how many samples they are. */
  take(): { readonly lines: readonly string[]; readonly samples: number } {
    const taken = { lines: this.#lines, samples: this.#samples };
    this.#lines = [];
    this.#samples = 0;
    return taken;
  }

  #add(line: StatsdLine, samples: number): void {
    this.#lines.push(formatLine(line));
    this.#samples += samples;
  }
}
