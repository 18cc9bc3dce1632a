/** Work that never waits has to give the event loop a turn when its last one is so long ago, ms. */
const DUE_MS = 10;
const TICK_MS = 5;

/**
 * Knows when the event loop of this process last took a turn: a timer is late when it takes none. So of many workers none
 * has to yield while sockets let the loop turn anyway, and each does when a scenario that never waits blocks it.
 */
export class LoopTurns {
  #turnedMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Whether the loop has not turned for too long; `nowMs` by `performance.now()`. */
  isDue(nowMs: number): boolean {
    if (this.#timer === undefined) this.#watch(nowMs);
    return nowMs - this.#turnedMs > DUE_MS;
  }

  #watch(nowMs: number): void {
    this.#turnedMs = nowMs;
    this.#timer = setInterval(() => {
      this.#turnedMs = performance.now();
    }, TICK_MS).unref();
  }
}

/** Those of this thread. */
export const loopTurns: LoopTurns = new LoopTurns();
