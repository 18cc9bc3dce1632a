import type { BenchRecord } from './bench-record.ts';

/** What was recorded of a cycle: FunkLoad records while the number of users stays as it is. Epoch ms. */
export type CycleWindow = {
  readonly cycle: number;
  /** On one node. */
  readonly users: number;
  /** When the first and the last of what it has ended. */
  readonly fromMs: number;
  readonly toMs: number;
};

/** Looks through measurements for the times of the run. */
export class BenchSurvey {
  readonly #cycles = new Map<number, { users: number; fromMs: number; toMs: number }>();
  #startMs = Number.POSITIVE_INFINITY;

  add({ cycle, users, startMs, durationMs }: BenchRecord): void {
    const endMs = startMs + durationMs;
    this.#startMs = Math.min(this.#startMs, startMs);
    const window = this.#cycles.get(cycle);
    if (!window) {
      this.#cycles.set(cycle, { users, fromMs: endMs, toMs: endMs });
      return;
    }
    window.users = Math.max(window.users, users);
    window.fromMs = Math.min(window.fromMs, endMs);
    window.toMs = Math.max(window.toMs, endMs);
  }

  /** When the first of all began, epoch ms; undefined when there is none. */
  get startMs(): number | undefined {
    return Number.isFinite(this.#startMs) ? this.#startMs : undefined;
  }

  /** The cycles in the order of time. */
  get cycles(): readonly CycleWindow[] {
    return [...this.#cycles]
      .map(([cycle, window]) => ({ cycle, ...window }))
      .sort((a, b) => a.fromMs - b.fromMs || a.cycle - b.cycle);
  }
}
