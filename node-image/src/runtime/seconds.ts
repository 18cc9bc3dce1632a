import type { RunStage } from './run-stage.ts';

const SECOND_MS = 1000;

/**
 * Ticks at each whole second of the run, and never later and later as an interval does: what is flushed at a tick belongs to
 * the second that has ended. Seconds that went by while nothing ran are not made up for.
 */
export class Seconds implements Disposable {
  readonly #stage: RunStage;
  readonly #tick: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(stage: RunStage, tick: () => void) {
    this.#stage = stage;
    this.#tick = tick;
    this.#await(this.#next());
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #next(): number {
    return (Math.floor(this.#stage.elapsed() / SECOND_MS) + 1) * SECOND_MS;
  }

  #await(dueMs: number): void {
    this.#timer = setTimeout(
      () => {
        // A timer may fire a little early.
        if (this.#stage.elapsed() < dueMs) return this.#await(dueMs);
        this.#await(this.#next());
        this.#tick();
      },
      Math.max(1, dueMs - this.#stage.elapsed()),
    );
  }
}
