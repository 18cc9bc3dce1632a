import { BUCKETS_PER_OCTAVE, OCTAVES, octaveOf, stepOf } from './bucket-layout.ts';

/** A count per bucket. An octave takes 1 KiB, and only once something is counted in it. Whole counts are exact up to 2^53. */
export class BucketCounts {
  readonly #octaves: (Float64Array | undefined)[] = new Array<Float64Array | undefined>(OCTAVES).fill(undefined);

  add(index: number, count: number): void {
    const octave = octaveOf(index);
    const step = stepOf(index);
    const counts = this.#octaves[octave] ?? this.#allocate(octave);
    counts[step] = (counts[step] as number) + count;
  }

  addAll(other: BucketCounts): void {
    for (const [octave, added] of other.#octaves.entries()) {
      if (added === undefined) continue;
      const counts = this.#octaves[octave] ?? this.#allocate(octave);
      for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] as number) + (added[i] as number);
    }
  }

  /** Calls `visit` for each non-empty bucket, ascending, until it returns true. */
  visit(visit: (index: number, count: number) => boolean): void {
    for (let octave = 0; octave < OCTAVES; octave++) {
      const counts = this.#octaves[octave];
      if (counts === undefined) continue;
      for (let i = 0; i < counts.length; i++) {
        const count = counts[i] as number;
        if (count > 0 && visit(octave * BUCKETS_PER_OCTAVE + i, count)) return;
      }
    }
  }

  /** Empties all buckets and keeps the memory: what comes next is likely to be distributed alike. */
  clear(): void {
    for (const counts of this.#octaves) counts?.fill(0);
  }

  #allocate(octave: number): Float64Array {
    const counts = new Float64Array(BUCKETS_PER_OCTAVE);
    this.#octaves[octave] = counts;
    return counts;
  }
}
