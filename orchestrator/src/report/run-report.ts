import type { NodeState, Series, Summary, Timeline } from '@loads/core';
import type { RunRecord } from '../store/run-folder.ts';

/** All that a report is made of. */
export type RunReport = {
  readonly record: RunRecord;
  readonly summary: Summary;
  /** What all nodes measured. */
  readonly series: readonly Series[];
  /** The run over time; undefined when no node kept it. */
  readonly timeline: Timeline | undefined;
  readonly nodes: readonly NodeState[];
  /** What a reader has to know of the folder: parts that are absent or damaged. */
  readonly notes: readonly string[];
  /** Up to here an answer satisfies, ms. */
  readonly apdexMs: number;
  /** The version of Loads that writes the report. */
  readonly version: string;
};
