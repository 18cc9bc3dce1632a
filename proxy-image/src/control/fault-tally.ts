import type { FaultMark } from '@loads/core';
import type { FaultEvent, FaultPoint } from '../proxy/fault-event.ts';

/** How often a behavior of an entry has struck at one point, with the first and the last time. */
export type TallyRow = {
  /** Name of the entry. */
  readonly fault: string;
  readonly behavior: string;
  readonly point: FaultPoint;
  readonly count: number;
  readonly first: FaultMark;
  readonly last: FaultMark;
};

/** Counts faults exactly, however many there are: the log of faults keeps only the last ones. */
export class FaultTally {
  readonly #rows = new Map<string, TallyRow>();

  add({ id, atMs, rule: fault, behavior, point }: FaultEvent): void {
    const key = JSON.stringify([fault, behavior, point]);
    const { count, first } = this.#rows.get(key) ?? { count: 0, first: { id, atMs } };
    this.#rows.set(key, { fault, behavior, point, count: count + 1, first, last: { id, atMs } });
  }

  get rows(): readonly TallyRow[] {
    return [...this.#rows.values()];
  }
}
