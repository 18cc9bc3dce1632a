const BUCKET_MS = 10;

/** What a deadline is set for: `expire` is called once, when it has passed and was not cancelled. It has one at a time. */
export abstract class Expiring {
  /** Where the wheel keeps it, to take it out without a search: a set would have to hash it first. */
  bucket: Expiring[] | undefined;
  slot = 0;

  abstract expire(): void;
}

/** The cause of a request that was cut off by its deadline. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(timeoutMs: number) {
    super(`no complete response within ${timeoutMs} ms`);
  }
}

/**
 * Many deadlines on one timer: a timer wheel with buckets of 10 ms, since a timer per request is dear and undici's own
 * timeouts are about 500 ms coarse. A deadline never expires early, and at most two buckets late while the event loop is free.
 * It ticks only while something waits and keeps no process alive.
 */
export class DeadlineWheel {
  readonly #now: () => number;
  readonly #buckets = new Map<number, Expiring[]>();
  /** The bucket of the last deadline: most have the same timeout. */
  #latest: { readonly number: number; readonly items: Expiring[] } | undefined;
  #waiting = 0;
  #done = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Sets the deadline of an item that has none, `timeoutMs` from `now` (of the wheel's clock). */
  add(item: Expiring, timeoutMs: number, now: number = this.#now()): void {
    if (this.#timer === undefined) this.#start(now);
    // At least the next bucket: those before it are done.
    const items = this.#bucketAt(Math.max(Math.ceil((now + timeoutMs) / BUCKET_MS), this.#done + 1));
    item.bucket = items;
    item.slot = items.push(item) - 1;
    this.#waiting += 1;
  }

  /** Takes a deadline back; without effect when it has expired. */
  cancel(item: Expiring): void {
    const items = item.bucket;
    if (items === undefined) return;
    item.bucket = undefined;
    this.#waiting -= 1;
    const last = items.pop();
    if (last === undefined || last === item) return;
    items[item.slot] = last;
    last.slot = item.slot;
  }

  #bucketAt(number: number): Expiring[] {
    if (this.#latest?.number === number) return this.#latest.items;
    let items = this.#buckets.get(number);
    if (items === undefined) {
      items = [];
      this.#buckets.set(number, items);
    }
    this.#latest = { number, items };
    return items;
  }

  #start(now: number): void {
    this.#done = Math.floor(now / BUCKET_MS);
    this.#timer = setInterval(() => this.#tick(), BUCKET_MS).unref();
  }

  #tick(): void {
    const due = Math.floor(this.#now() / BUCKET_MS);
    while (this.#done < due) {
      this.#done += 1;
      const items = this.#buckets.get(this.#done);
      if (items === undefined) continue;
      this.#buckets.delete(this.#done);
      this.#waiting -= items.length;
      for (const item of items) item.bucket = undefined;
      for (const item of items) item.expire();
    }
    if (this.#waiting === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#buckets.clear();
    this.#latest = undefined;
  }
}

/** The wheel that all requests of this thread share. */
export const requestDeadlines: DeadlineWheel = new DeadlineWheel();
