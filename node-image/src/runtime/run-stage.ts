import { type PhaseLookup, type PhaseStamp, phaseLookup, type RunPlan } from '@loads/core';

type Stage = 'setup' | 'run' | 'teardown';

/** Where the node is in the run, on the process's monotonic clock: before it, in it, or after it. */
export class RunStage {
  readonly #phaseAt: PhaseLookup;
  #stage: Stage = 'setup';
  #startMs = 0;

  constructor(plan: RunPlan) {
    this.#phaseAt = phaseLookup(plan.schedule, plan.recoveryMs);
  }

  /** The run begins at this instant, epoch ms. */
  begin(atMs: number): void {
    this.#stage = 'run';
    this.#startMs = atMs - performance.timeOrigin;
  }

  end(): void {
    this.#stage = 'teardown';
  }

  /** ms from the start to an instant of `performance.now()`; negative before it. */
  elapsed(nowMs: number = performance.now()): number {
    return nowMs - this.#startMs;
  }

  /** The phase of a sample that began and ended at these instants of `performance.now()`, ms. */
  stamp(fromMs: number, toMs: number): PhaseStamp {
    if (this.#stage !== 'run') return { phase: this.#stage, fault: '' };
    return this.#phaseAt(fromMs - this.#startMs, toMs - this.#startMs);
  }
}
