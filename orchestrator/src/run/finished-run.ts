import { type Abort, type RunDigest, type Summary, summarize, type Timeline } from '@loads/core';
import { influxHere } from '../database/influx-settings.ts';
import { runLines } from '../database/run-lines.ts';
import { storeRun } from '../database/store-run.ts';
import type { RunFolder } from '../store/run-folder.ts';

export type RunEnd = {
  /** Whether the user stopped it. */
  readonly stopped: boolean;
  /** The threshold that ended it. */
  readonly aborted?: Abort | undefined;
  /** The start instant that the nodes were given, epoch ms. */
  readonly startMs: number;
  readonly leftOver: string | undefined;
};

/** A run whose nodes have all ended, with what they left. */
export class FinishedRun {
  readonly #folder: RunFolder;
  readonly #nodes: RunDigest;
  readonly #end: RunEnd;

  constructor(folder: RunFolder, nodes: RunDigest, end: RunEnd) {
    this.#folder = folder;
    this.#nodes = nodes;
    this.#end = end;
  }

  /** Why something of the nodes is still there, when it is. */
  get leftOver(): string | undefined {
    return this.#end.leftOver;
  }

  /** All nodes, merged. */
  get nodes(): RunDigest {
    return this.#nodes;
  }

  /** The run over time, over all nodes that kept it; undefined when none did. */
  get timeline(): Timeline | undefined {
    return this.#nodes.timeline;
  }

  /** Judges the run, and stores the summary in its folder. */
  async judge(): Promise<Summary> {
    const { run, plan, judging } = this.#folder.record;
    const summary = summarize(plan, this.#nodes, {
      run,
      ...judging,
      stopped: this.#end.stopped,
      aborted: this.#end.aborted,
    });
    await this.#folder.writeSummary(summary);
    return summary;
  }

  /** Writes the judged run into its database, if it has one. Gives why it is not there, when it is not. */
  async store(summary: Summary): Promise<string | undefined> {
    const { run, plan } = this.#folder.record;
    if (!plan.influx) return undefined;
    const lines = runLines({ run, plan, startMs: this.#end.startMs }, this.#nodes.series, summary);
    return await storeRun(this.#folder.path, influxHere(plan.influx), lines);
  }
}
