import { BucketCounts } from './bucket-counts.ts';
import { bucketOf, lowerBound, midpoint, upperBound } from './bucket-layout.ts';
import { type HistogramJson, readHistogramJson } from './histogram-json.ts';

/** A non-empty bucket: `count` samples with lower <= value < upper. The last bucket's `upper` is Infinity. */
export type Bucket = {
  readonly index: number;
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
};

/**
 * The distribution of finite values >= 0 (timings in ms, sizes in bytes, rates of 0 and 1) in the buckets of
 * `bucket-layout.ts`. Merging is exact addition, so a histogram over N nodes is the one that a single node would have kept.
 * Quantiles are within 0.4 % for values from 2^-10 (1 us in ms) to 2^54; count, min and max are exact, the sum up to
 * float rounding (it saturates at the largest double). Statistics of an empty histogram are `undefined`.
 */
export class Histogram {
  readonly #counts = new BucketCounts();
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** Adds `count` samples of one value. A count may be fractional: a sampled line stands for 1/rate samples. */
  record(value: number, count = 1): void {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY && count > 0 && count < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`Expected a finite value >= 0 and a finite count > 0, got ${value} and ${count}`);
    }
    this.#counts.add(bucketOf(value), count);
    this.#count += count;
    this.#sum += value * count;
    // Adding 0 turns a -0 into 0.
    if (value < this.#min) this.#min = value + 0;
    if (value > this.#max) this.#max = value + 0;
  }

  /** How many samples there are, by weight. */
  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return Math.min(this.#sum, Number.MAX_VALUE);
  }

  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#clamp(this.#sum / this.#count);
  }

  /** Adds all samples of another histogram, which stays as it is. */
  merge(other: Histogram): this {
    this.#counts.addAll(other.#counts);
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    return this;
  }

  /**
   * The value at rank ceil(q * count), q in [0, 1]: the midpoint of its bucket, never outside [min, max].
   * The first and the last rank are exact. Throws a RangeError for a q outside [0, 1].
   */
  quantile(q: number): number | undefined {
    if (!(q >= 0 && q <= 1)) throw new RangeError(`Expected a quantile in [0, 1], got ${q}`);
    if (this.#count === 0) return undefined;
    // A hair less than the product: 0.07 * 100 is 7.000000000000001 in floats, and its rank is 7.
    const rank = Math.ceil(q * this.#count * (1 - 2 * Number.EPSILON));
    if (rank >= this.#count) return this.#max;
    if (rank <= 1) return this.#min;
    let seen = 0;
    let found = this.#max;
    this.#counts.visit((index, count) => {
      seen += count;
      if (seen < rank) return false;
      found = this.#clamp(midpoint(index));
      return true;
    });
    return found;
  }

  /**
   * How many samples are <= bound, to the bucket: the bucket in which the bound lies counts in full. For the cumulative
   * `le` buckets of heat maps.
   */
  countAtMost(bound: number): number {
    if (!(bound >= this.#min)) return 0;
    if (bound >= this.#max) return this.#count;
    const last = bucketOf(bound);
    let seen = 0;
    this.#counts.visit((index, count) => {
      if (index > last) return true;
      seen += count;
      return false;
    });
    return seen;
  }

  /** The non-empty buckets, ascending. */
  *buckets(): Generator<Bucket, void, undefined> {
    for (const [index, count] of this.#entries()) {
      yield { index, lower: lowerBound(index), upper: upperBound(index), count };
    }
  }

  /** Empties the histogram for reuse. */
  reset(): void {
    this.#counts.clear();
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
  }

  toJSON(): HistogramJson {
    const buckets: number[] = [];
    let previous = 0;
    for (const [index, count] of this.#entries()) {
      buckets.push(index - previous, count);
      previous = index;
    }
    return { count: this.count, sum: this.sum, min: this.min, max: this.max, buckets };
  }

  /** The histogram that `toJSON` wrote. Throws a LoadsError (ERR_RUN_DAMAGED) when the input cannot be one. */
  static fromJSON(input: unknown): Histogram {
    const { count, sum, range, entries } = readHistogramJson(input);
    const histogram = new Histogram();
    for (const [index, bucketCount] of entries) histogram.#counts.add(index, bucketCount);
    histogram.#count = count;
    histogram.#sum = sum;
    if (range !== undefined) {
      histogram.#min = range.min;
      histogram.#max = range.max;
    }
    return histogram;
  }

  #entries(): [index: number, count: number][] {
    const entries: [number, number][] = [];
    this.#counts.visit((index, count) => {
      entries.push([index, count]);
      return false;
    });
    return entries;
  }

  #clamp(value: number): number {
    return Math.min(Math.max(value, this.#min), this.#max);
  }
}
