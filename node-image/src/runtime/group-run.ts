import type { Slot } from '@loads/core';
import type { Worker } from './worker.ts';

/** How a process makes its part of one group's load. */
export type GroupRun = {
  readonly workers: readonly Worker[];
  /** How many workers are at work now. */
  readonly atWork: () => number;
  /** Resolves when the group has no iteration to begin any more, and those that have begun have ended. */
  readonly run: () => Promise<void>;
};

/** Where a process stands in a group: its slot, and the number of the group's first worker. */
export type GroupPlace = { readonly slot: Slot; readonly firstWorker: number };
