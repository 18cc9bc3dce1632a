import type { StoredRun } from '../run/stored-run.ts';
import { readBrowserAssets } from './browser-assets.ts';
import { reportPage } from './report-page.ts';

export type ReportOptions = {
  /** Up to here an answer satisfies, ms. */
  readonly apdexMs: number;
  /** The version of Loads. */
  readonly version: string;
};

/** The report of a run: the text of a page of HTML that needs nothing else. */
export async function reportOf(run: StoredRun, options: ReportOptions): Promise<string> {
  const { folder, summary, notes } = run;
  const { series, timeline, nodes } = run.nodes;
  const report = { record: folder.record, summary, series, timeline, nodes, notes, ...options };
  return reportPage(report, await readBrowserAssets());
}
