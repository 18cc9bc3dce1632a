import { type PhaseStamp, phaseOf, type RunPlan } from '@loads/core';

type Stage = 'setup' | 'run' | 'teardown';

/** Where the node is in the run, on the process's monotonic clock: before it, in it, or after it. */
export class RunStage {
  readonly #plan: RunPlan;
  #stage: Stage = 'setup';
  #startMs = 0;

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  /** The run begins at this instant, epoch ms. */
  begin(atMs: number): void {
    this.#stage = 'run';
    this.#startMs = atMs - performance.timeOrigin;
  }

  end(): void {
    this.#stage = 'teardown';
  }

  /** ms since the start; negative before it. */
  elapsed(): number {
    return performance.now() - this.#startMs;
  }

  /** The phase of a sample that began and ended at these instants of `performance.now()`, ms. */
  stamp(fromMs: number, toMs: number): PhaseStamp {
    if (this.#stage !== 'run') return { phase: this.#stage, fault: '' };
    return phaseOf(this.#plan.schedule, this.#plan.recoveryMs, fromMs - this.#startMs, toMs - this.#startMs);
  }
}
