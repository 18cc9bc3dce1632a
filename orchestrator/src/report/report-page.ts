import { type Html, html } from '../page/html.ts';
import { pageText } from '../page/page.ts';
import type { BrowserAssets } from './browser-assets.ts';
import { reportData } from './chart-data.ts';
import { detailSection } from './detail-section.ts';
import { errorSection } from './error-section.ts';
import { faultSection } from './fault-section.ts';
import { latencySection } from './latency-section.ts';
import { nodeSection } from './node-section.ts';
import { planSection } from './plan-section.ts';
import { reportHeader } from './report-header.ts';
import { REPORT_STYLES } from './report-styles.ts';
import { requestSection } from './request-section.ts';
import type { RunReport } from './run-report.ts';
import { stageSection } from './stage-section.ts';
import { thresholdSection } from './threshold-section.ts';
import { timeSection } from './time-section.ts';

/** The id of the element that holds what the script draws. */
export const DATA_ID = 'report-data';

/** A run as one page of HTML that needs nothing else. */
export function reportPage(report: RunReport, { script, styles }: BrowserAssets): string {
  const data = reportData(report);
  return pageText({
    title: `${report.summary.outcome.toUpperCase()}: ${report.summary.name} (${report.summary.run})`,
    header: reportHeader(report),
    sections: [
      thresholdSection(report),
      timeSection(report, data),
      ...faultSection(report),
      requestSection(report),
      ...stageSection(report),
      latencySection(report),
      errorSection(report),
      ...detailSection(report),
      nodeSection(report, data),
      planSection(report),
    ],
    footer: footer(report),
    styles: `${styles}${REPORT_STYLES}`,
    ...(data && { script, data: { id: DATA_ID, content: data } }),
  });
}

function footer({ version, record }: RunReport): Html {
  return html`<p>Written by loads ${version} from the result files of ${record.plan.nodes} node${
    record.plan.nodes === 1 ? '' : 's'
  }, merged exactly. Charts by uPlot (MIT licence, © Leon Sorokin). This file needs no network.</p>`;
}
