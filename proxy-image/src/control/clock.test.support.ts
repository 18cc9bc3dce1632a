import type { Clock } from './clock.ts';

type Timer = { readonly atMs: number; readonly done: () => void };

/** A clock that stands still until a test moves it. */
export class TestClock implements Clock {
  #nowMs = 1_000_000;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, done: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, done };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves the time on, and fires what falls due, in order. */
  pass(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ atMs }) => atMs <= end).sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      next.done();
    }
    this.#nowMs = end;
  }
}
