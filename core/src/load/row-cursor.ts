import { randomSequence } from '../random/draw.ts';
import { numberOf, type Slot } from './slot.ts';

/** In which order rows of data are given out: one after the other and round again, by chance, or each at most once in the run. */
export type RowOrder = 'sequential' | 'random' | 'unique';

export type RowCursorOptions = {
  readonly order: RowOrder;
  /** How many rows there are. */
  readonly rows: number;
  readonly slot: Slot;
  readonly seed: number;
  /** Tells the feeders of a scenario file from each other. */
  readonly name: string;
};

/**
 * Gives the number of one row after the other (from 0); undefined when there is none left. The slots of a run share the
 * rows: without repeats in `unique`, and in `sequential` before all have been given out.
 */
export function rowCursor({ order, rows, slot, seed, name }: RowCursorOptions): () => number | undefined {
  let taken = 0;
  if (order === 'random') {
    const random = randomSequence(seed, 'rows', name, slot.index, slot.count);
    return () => (rows === 0 ? undefined : Math.floor(random() * rows));
  }
  return function next(): number | undefined {
    const number = numberOf(taken, slot);
    if (rows === 0 || (order === 'unique' && number >= rows)) return undefined;
    taken += 1;
    return number % rows;
  };
}
