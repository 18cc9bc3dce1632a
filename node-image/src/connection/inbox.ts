import type { Limit } from './limit.ts';

/** Says whether an item is the one that is waited for. */
export type Match<Item> = (item: Item) => boolean;

export type InboxOptions<Item> = {
  /** Bytes of an item. */
  readonly sizeOf: (item: Item) => number;
  /** So much lies unread that the peer is to wait. */
  readonly pause: () => void;
  /** There is room again. */
  readonly resume: () => void;
};

type Waiter<Item> = {
  readonly match: Match<Item> | undefined;
  readonly resolve: (item: Item | undefined) => void;
  readonly reject: (error: unknown) => void;
};

/** How much may lie unread before the peer has to wait. */
const MOST_ITEMS = 1000;
const MOST_BYTES = 4 << 20;

/** What has come over a connection and nobody has read yet. Bounded, as it makes the peer wait. */
export class Inbox<Item> {
  readonly #options: InboxOptions<Item>;
  readonly #waiters: Waiter<Item>[] = [];
  #items: Item[] = [];
  #bytes = 0;
  #paused = false;
  #end: { readonly error: Error | undefined } | undefined;

  constructor(options: InboxOptions<Item>) {
    this.#options = options;
  }

  /** Somebody waits for an item. */
  get isAwaited(): boolean {
    return this.#waiters.length > 0;
  }

  /** An item has come. */
  push(item: Item): void {
    if (this.#end) return;
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      this.#keep(item);
      return;
    }
    try {
      if (waiter.match?.(item) === false) return;
      waiter.resolve(item);
    } catch (error) {
      // A `match` that throws is its reader's affair.
      waiter.reject(error);
    }
    this.#waiters.shift();
  }

  /** Nothing more comes; what is there can still be read. Who reads on gets the error, or undefined without one. */
  end(error?: Error): void {
    if (this.#end) return;
    this.#end = { error };
    for (const waiter of this.#waiters.splice(0)) this.#settle(waiter);
  }

  /**
   * The next item that matches, those before it read over; undefined when nothing more comes. Several readers are
   * served one after the other.
   */
  async take(limit?: Limit, match?: Match<Item>): Promise<Item | undefined> {
    if (this.#waiters.length === 0) {
      const found = this.#find(match);
      if (found !== undefined) return found;
    }
    const { promise, resolve, reject } = Promise.withResolvers<Item | undefined>();
    const waiter = { match, resolve, reject };
    if (this.#end) this.#settle(waiter);
    else this.#waiters.push(waiter);
    const timer = limit && setTimeout(() => this.#giveUp(waiter, limit), limit.timeoutMs);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #giveUp(waiter: Waiter<Item>, { late }: Limit): void {
    const at = this.#waiters.indexOf(waiter);
    if (at === -1) return;
    this.#waiters.splice(at, 1);
    waiter.reject(late());
  }

  #settle({ resolve, reject }: Waiter<Item>): void {
    if (this.#end?.error) reject(this.#end.error);
    else resolve(undefined);
  }

  #find(match: Match<Item> | undefined): Item | undefined {
    const at = match ? this.#items.findIndex(match) : 0;
    const read = at === -1 ? this.#items.splice(0) : this.#items.splice(0, at + 1);
    for (const item of read) this.#bytes -= this.#options.sizeOf(item);
    if (this.#paused && !this.#isFull()) {
      this.#paused = false;
      this.#options.resume();
    }
    return at === -1 ? undefined : read.at(-1);
  }

  #keep(item: Item): void {
    this.#items.push(item);
    this.#bytes += this.#options.sizeOf(item);
    if (this.#paused || !this.#isFull()) return;
    this.#paused = true;
    this.#options.pause();
  }

  #isFull(): boolean {
    return this.#items.length >= MOST_ITEMS || this.#bytes >= MOST_BYTES;
  }
}
