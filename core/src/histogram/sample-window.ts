import { BUCKETS_PER_OCTAVE, bucketOf, lowerBound, OCTAVES, octaveOf, stepOf, upperBound } from './bucket-layout.ts';

/** A value that stands for `count` samples. */
export type WeightedSample = { readonly value: number; readonly count: number };

/**
 * The samples of one series between two flushes, kept as count and sum per bucket. `drain` gives them as few weighted
 * samples that lose nothing a `Histogram` keeps: recorded there, they give the same buckets, count, min and max as the
 * samples themselves, and the same sum up to float rounding.
 */
export class SampleWindow {
  /** Per octave: count and sum of a bucket side by side, so that a record touches one cache line. */
  readonly #octaves: (Float64Array | undefined)[] = new Array<Float64Array | undefined>(OCTAVES).fill(undefined);
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** How many samples wait for the next `drain`. */
  get count(): number {
    return this.#count;
  }

  /** Adds a sample: a finite value >= 0. Throws a RangeError for any other. */
  record(value: number): void {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`Expected a finite value >= 0, got ${value}`);
    }
    const index = bucketOf(value);
    const octave = octaveOf(index);
    const cells = this.#octaves[octave] ?? this.#allocate(octave);
    const cell = 2 * stepOf(index);
    cells[cell] = (cells[cell] as number) + 1;
    cells[cell + 1] = (cells[cell + 1] as number) + value;
    this.#count += 1;
    // Adding 0 turns a -0 into 0.
    if (value < this.#min) this.#min = value + 0;
    if (value > this.#max) this.#max = value + 0;
  }

  /**
   * Empties the window into weighted samples, ascending: the exact min and max, and for the rest of each bucket its
   * mean. Memory is kept for the next window.
   */
  drain(): readonly WeightedSample[] {
    if (this.#count === 0) return [];
    const min = this.#min;
    const max = this.#max;
    const samples: WeightedSample[] = [];
    const extremes = this.#count === 1 ? [min] : [min, max];
    for (const extreme of extremes) this.#take(extreme);

    append(samples, min, 1);
    for (let octave = 0; octave < OCTAVES; octave++) {
      const cells = this.#octaves[octave];
      if (cells === undefined) continue;
      for (let cell = 0; cell < cells.length; cell += 2) {
        const count = cells[cell] as number;
        if (count > 0) append(samples, meanOf(cells, cell, octave, min, max), count);
        // A bucket that held only extremes has a rounding rest in its sum.
        cells[cell] = 0;
        cells[cell + 1] = 0;
      }
    }
    if (extremes.length === 2) append(samples, max, 1);

    this.#count = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
    return samples;
  }

  /** Takes one sample out of its bucket. */
  #take(value: number): void {
    const index = bucketOf(value);
    const cells = this.#octaves[octaveOf(index)];
    if (cells === undefined) return;
    const cell = 2 * stepOf(index);
    cells[cell] = (cells[cell] as number) - 1;
    cells[cell + 1] = (cells[cell + 1] as number) - value;
  }

  #allocate(octave: number): Float64Array {
    const cells = new Float64Array(2 * BUCKETS_PER_OCTAVE);
    this.#octaves[octave] = cells;
    return cells;
  }
}

/** The mean of a bucket. Float rounding must move it neither into another bucket nor beyond the exact min and max. */
function meanOf(cells: Float64Array, cell: number, octave: number, min: number, max: number): number {
  const index = octave * BUCKETS_PER_OCTAVE + cell / 2;
  const mean = (cells[cell + 1] as number) / (cells[cell] as number);
  const lowest = Math.max(lowerBound(index), min);
  const highest = Math.min(justBelow(upperBound(index)), max);
  return Math.min(Math.max(mean, lowest), highest);
}

/** The largest double below a positive normal one: rounding takes the product there from any mantissa. */
function justBelow(value: number): number {
  return value * (1 - Number.EPSILON / 2);
}

function append(samples: WeightedSample[], value: number, count: number): void {
  const last = samples.at(-1);
  if (last?.value !== value) samples.push({ value, count });
  else samples[samples.length - 1] = { value, count: last.count + count };
}
