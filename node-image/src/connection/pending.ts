import type { Limit } from './limit.ts';

/** Those who wait for something to happen on a connection. */
export class Pending {
  readonly #rejects = new Set<(error: Error) => void>();

  /**
   * Begins something, and waits until it calls `done`. Rejects with the limit's error when that takes longer, or with the
   * one that ends the waiting of all.
   */
  async wait<Result = void>(begin: (done: (result: Result) => void) => void, limit?: Limit): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#rejects.add(reject);
    const timer = limit && setTimeout(() => reject(limit.late()), limit.timeoutMs);
    try {
      begin(resolve);
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#rejects.delete(reject);
    }
  }

  /** Nothing of it will happen any more. */
  reject(error: Error): void {
    for (const reject of this.#rejects) reject(error);
    this.#rejects.clear();
  }
}
