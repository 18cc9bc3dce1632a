import { LONGEST_TIMER_MS } from './longest-timer.ts';
import type { StageCue } from './stage-cues.ts';

export type StageEventsOptions = {
  /** ms from the start of the run. */
  readonly elapsed: () => number;
  /** Tells listeners; must not reject. */
  readonly tell: (cue: StageCue) => Promise<void>;
};

/** Tells of the stages of a load when they are due. */
export class StageEvents {
  readonly #options: StageEventsOptions;
  readonly #coming: StageCue[];
  /** Each waits for the one before, as slow as its listeners may be. */
  #told: Promise<void> = Promise.resolve();
  /** The ends of stages that have begun. */
  readonly #open = new Set<StageCue>();
  #timer: NodeJS.Timeout | undefined;

  /** `cues` in the order of time. */
  constructor(cues: readonly StageCue[], options: StageEventsOptions) {
    this.#options = options;
    this.#coming = [...cues];
    this.#wait();
  }

  /** The load has ended: stages that have begun are over as well. Resolves when listeners have been told all. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    this.#coming.length = 0;
    for (const cue of this.#open) this.#tell(cue);
    this.#open.clear();
    await this.#told;
  }

  #wait(): void {
    const [next] = this.#coming;
    if (!next) return;
    const ms = Math.min(LONGEST_TIMER_MS, Math.max(0, next.atMs - this.#options.elapsed()));
    this.#timer = setTimeout(() => this.#tellDue(), ms);
  }

  #tellDue(): void {
    const nowMs = this.#options.elapsed();
    // A timer may ring a moment early.
    while (this.#coming[0] !== undefined && this.#coming[0].atMs <= nowMs + 1) {
      const [cue] = this.#coming.splice(0, 1);
      if (!cue) continue;
      if (cue.event === 'stage_start') {
        const end = this.#coming.find(
          ({ event, scenario, stage }) => event === 'stage_end' && scenario === cue.scenario && stage === cue.stage,
        );
        if (end) this.#open.add(end);
      }
      this.#open.delete(cue);
      this.#tell(cue);
    }
    this.#wait();
  }

  #tell(cue: StageCue): void {
    this.#told = this.#told.then(() => this.#options.tell(cue));
  }
}
