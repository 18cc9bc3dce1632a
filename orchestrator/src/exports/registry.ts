import { didYouMean, LoadsError } from '@loads/core';
import { csvReporter } from './csv/csv-reporter.ts';
import { seriesReporter } from './csv/series-reporter.ts';
import { hlogReporter } from './hlog/hlog-reporter.ts';
import { jsonReporter } from './json-reporter.ts';
import { junitReporter } from './junit/junit-reporter.ts';
import { markdownReporter } from './markdown/markdown-reporter.ts';
import { orgReporter } from './org/org-reporter.ts';
import type { Reporter } from './reporter.ts';

/** All formats, in the order in which they are shown. */
export const REPORTERS: readonly Reporter[] = [
  junitReporter,
  markdownReporter,
  orgReporter,
  jsonReporter,
  hlogReporter,
  csvReporter,
  seriesReporter,
];

/** Their names. */
export const FORMATS: readonly string[] = REPORTERS.map(({ name }) => name);

/** The reporter of a format. Throws ERR_USAGE when there is none of that name. */
export function reporterOf(format: string): Reporter {
  const found = REPORTERS.find(({ name }) => name === format);
  if (found) return found;
  const meant = didYouMean(format, FORMATS);
  const hint = meant === undefined ? `there are ${FORMATS.join(', ')}` : `did you mean '${meant}'?`;
  throw new LoadsError('ERR_USAGE', `there is no format '${format}'`, { hint });
}
