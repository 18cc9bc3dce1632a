import { type FaultWindow, type Series, type Timeline, TimelineRecorder } from '@loads/core';

/** The node over time. Its windows follow each other at a fixed distance, however late they are taken. */
export class NodeTimeline {
  readonly #recorder = new TimelineRecorder();
  readonly #everyMs: number;
  #windows = 0;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Takes the next window. */
  add(window: readonly Series[]): void {
    this.#recorder.add(window, this.#windows++ * this.#everyMs);
  }

  /** All of it so far. */
  with(faults: readonly FaultWindow[]): Timeline {
    return this.#recorder.timeline(faults);
  }
}
