import type { FaultEvent } from '../proxy/fault-event.ts';

/** A fault with its number in the order of all faults of the process, from 1. */
export type RecordedFault = FaultEvent & { readonly seq: number };

export type Replay = {
  readonly events: readonly RecordedFault[];
  /** Faults that were asked for and are not kept any more. */
  readonly lost: number;
};

/** Keeps the last faults and passes each on to whoever listens. */
export class FaultLog {
  readonly #capacity: number;
  readonly #ring: RecordedFault[] = [];
  readonly #listeners = new Set<(fault: RecordedFault) => void>();
  #last = 0;

  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  /** The number of the newest fault; 0 when there was none. */
  get last(): number {
    return this.#last;
  }

  add(event: FaultEvent): void {
    const fault = { seq: ++this.#last, ...event };
    this.#ring[this.#last % this.#capacity] = fault;
    for (const listener of this.#listeners) listener(fault);
  }

  /** The faults after the one with that number. A number from before a restart, beyond the newest, means all. */
  since(seq: number): Replay {
    const first = seq > this.#last ? 1 : seq + 1;
    const oldest = Math.max(1, this.#last - this.#capacity + 1);
    const events: RecordedFault[] = [];
    for (let next = Math.max(first, oldest); next <= this.#last; next++) {
      const fault = this.#ring[next % this.#capacity];
      if (fault) events.push(fault);
    }
    return { events, lost: Math.max(0, oldest - first) };
  }

  /** Calls `listener` with each fault from now on; it must not throw. Gives the way to call it off. */
  subscribe(listener: (fault: RecordedFault) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
