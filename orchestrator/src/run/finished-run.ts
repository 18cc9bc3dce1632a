import { type NodeState, type Summary, summarize } from '@loads/core';
import type { RunFolder } from '../store/run-folder.ts';

/** A run whose nodes have all ended, with what they left. */
export class FinishedRun {
  readonly #folder: RunFolder;
  readonly #nodes: readonly NodeState[];
  readonly #stopped: boolean;

  constructor(folder: RunFolder, nodes: readonly NodeState[], stopped: boolean) {
    this.#folder = folder;
    this.#nodes = nodes;
    this.#stopped = stopped;
  }

  /** Judges the run, and stores the summary in its folder. */
  async judge(): Promise<Summary> {
    const { run, plan, judging } = this.#folder.record;
    const summary = summarize(plan, this.#nodes, { run, ...judging, stopped: this.#stopped });
    await this.#folder.writeSummary(summary);
    return summary;
  }
}
