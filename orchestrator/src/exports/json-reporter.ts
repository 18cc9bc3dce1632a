import { summaryJson } from '../store/summary-json.ts';
import type { Reporter } from './reporter.ts';

/** The summary as it is in the folder of the run. Its schema is `docs/schema/summary.schema.json`. */
export const jsonReporter: Reporter = {
  name: 'json',
  doc: 'JSON: the summary with its verdict and all figures, after a schema',
  file: 'summary.json',
  report({ summary }) {
    return `${summaryJson(summary, 2)}\n`;
  },
};
