import type { SizingReport } from '../sizing/sizing-report.ts';

/** What came of a search: the content of its file. Its trials and its bracket are those of a sizing, over `unit`. */
export type SearchReport = Omit<SizingReport, 'sizing' | 'unit'> & {
  readonly search: string;
  /** What varied: a load, or the strength of a fault (ms of sleep, percent of the traffic). */
  readonly vary: SizingReport['unit'];
  /** The entry of the schedule whose strength varied. */
  readonly entry?: string | undefined;
  /** What had to hold. */
  readonly until: readonly string[];
};
