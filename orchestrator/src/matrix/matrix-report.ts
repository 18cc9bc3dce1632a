import type { ExitCode, MatrixRow, Summary } from '@loads/core';

/** What came of a matrix: the content of its file. Times in ms. */
export type MatrixReport = {
  readonly version: 1;
  readonly matrix: string;
  readonly name: string;
  readonly nodes: number;
  /** Over all runs. */
  readonly outcome: Summary['outcome'];
  readonly exitCode: ExitCode;
  readonly elapsedMs: number;
  /** How many runs were planned; there are fewer rows when the user stopped it. */
  readonly runs: number;
  readonly rows: readonly MatrixRow[];
};

export const WITHOUT_FAULTS = 'no faults';
