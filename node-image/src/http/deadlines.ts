const BUCKET_MS = 10;

/** What a deadline is set for: `expire` is called once, when it has passed and was not cancelled. */
export interface Expiring {
  expire(): void;
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
  readonly #buckets = new Map<number, Set<Expiring>>();
  #waiting = 0;
  #done = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Sets a deadline `timeoutMs` from now. Gives the bucket, which `cancel` needs. */
  add(item: Expiring, timeoutMs: number): number {
    const now = this.#now();
    if (this.#timer === undefined) this.#start(now);
    // At least the next bucket: those before it are done.
    const bucket = Math.max(Math.ceil((now + timeoutMs) / BUCKET_MS), this.#done + 1);
    const items = this.#buckets.get(bucket);
    if (items === undefined) this.#buckets.set(bucket, new Set([item]));
    else items.add(item);
    this.#waiting += 1;
    return bucket;
  }

  /** Takes a deadline back; without effect when it has expired. */
  cancel(item: Expiring, bucket: number): void {
    if (this.#buckets.get(bucket)?.delete(item)) this.#waiting -= 1;
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
      this.#waiting -= items.size;
      for (const item of items) item.expire();
    }
    if (this.#waiting === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#buckets.clear();
  }
}

/** The wheel that all requests of this thread share. */
export const requestDeadlines: DeadlineWheel = new DeadlineWheel();
