import { NODE_FILES, type NodeScale, type NodeStop, type Scaling, type SidecarMessage } from '@loads/core';
import type { NodeEvents } from '../agent/node-events.ts';
import type { NodeFiles } from './node-files.ts';
import type { RunClock } from './run-clock.ts';

export type RunControlOptions = {
  readonly files: Pick<NodeFiles, 'read'>;
  readonly link: { send(message: SidecarMessage): void };
  readonly events: Pick<NodeEvents, 'stopped' | 'scaled'>;
  readonly clock: Pick<RunClock, 'now' | 'elapsed'>;
  /** Stops the node, not gracefully. */
  readonly signal: AbortSignal;
};

/** What somebody wants of a run while it goes on, passed on to the scenario processes. */
export class RunControl {
  readonly #options: RunControlOptions;
  readonly #scalings: Scaling[] = [];
  #graceful: boolean | undefined;

  constructor(options: RunControlOptions) {
    this.#options = options;
  }

  /** How the number of workers was set so far. */
  get scalings(): readonly Scaling[] {
    return this.#scalings;
  }

  /** Looks into the node's folder, and passes on what is new. */
  async heed(): Promise<void> {
    const { files, link, events, clock, signal } = this.#options;
    const stop = signal.aborted ? { graceful: false } : await files.read<NodeStop>(NODE_FILES.stop);
    if (stop && stop.graceful !== this.#graceful) {
      link.send({ type: 'stop', graceful: stop.graceful });
      events.stopped(clock.now(), stop.graceful);
      this.#graceful = stop.graceful;
    }
    const scale = await files.read<NodeScale>(NODE_FILES.scale);
    if (scale === undefined || stop || scale.workers === this.#scalings.at(-1)?.workers) return;
    const { workers } = scale;
    // One instant for both: what is told now is told again when the run is judged.
    const nowMs = clock.now();
    link.send({ type: 'scale', workers });
    events.scaled(nowMs, workers);
    this.#scalings.push({ atMs: Math.max(0, clock.elapsed(nowMs) ?? 0), workers });
  }
}
