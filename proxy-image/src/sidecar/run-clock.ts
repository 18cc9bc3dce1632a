/** To ask for it takes longer than to ask for the time. */
const ORIGIN_MS = performance.timeOrigin;

/** The run's clock on this node: epoch ms, and how far the run is once its start instant is known. */
export class RunClock {
  readonly #now: () => number;
  #startedAtMs: number | undefined;

  constructor(now: () => number = () => ORIGIN_MS + performance.now()) {
    this.#now = now;
  }

  /** Epoch ms, monotonic within the process. */
  now(): number {
    return this.#now();
  }

  /** Sets the start instant, epoch ms. */
  start(atMs: number): void {
    this.#startedAtMs = atMs;
  }

  get startedAtMs(): number | undefined {
    return this.#startedAtMs;
  }

  /** ms since the start at the instant `atMs` (epoch), negative before it; undefined while no start is set. */
  elapsed(atMs: number = this.#now()): number | undefined {
    return this.#startedAtMs === undefined ? undefined : atMs - this.#startedAtMs;
  }
}
