import { formatDuration, type Summary } from '@loads/core';
import { formatCount, formatMs, formatRate, formatRatio, oneLine, plural } from '../../console/format.ts';
import { measuredText } from '../../console/measured-text.ts';
import type { RunRecord } from '../../store/run-folder.ts';
import type { Reporter } from '../reporter.ts';
import { faultSection } from './fault-section.ts';
import { markdownName as code, markdownCode, markdownTable, markdownText as plain } from './markdown.ts';
import { requestSection } from './request-section.ts';

const MOST_ERRORS = 5;
const MOST_CHECKS = 50;

const VERDICTS: Readonly<Record<Summary['outcome'], string>> = {
  passed: '✅ PASSED',
  failed: '❌ FAILED',
  invalid: '⚠️ INVALID',
  stopped: '⏹️ STOPPED',
};

/** A page for people: the summary of a step of GitHub Actions, a comment on a merge request. */
export const markdownReporter: Reporter = {
  name: 'markdown',
  doc: 'Markdown: a page for people, as the summary of a step in GitHub Actions',
  file: 'summary.md',
  report({ summary, folder, notes }) {
    const sections = [
      verdictSection(summary, notes),
      thresholdSection(summary),
      requestSection(summary),
      faultSection(summary),
      checkSection(summary),
      errorSection(summary),
      runSection(summary, folder.record),
    ];
    // What follows is another page: several commands of a step share one file.
    return `${sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n')}\n\n`;
  },
};

function verdictSection(
  { outcome, name, reasons, tolerated, warnings = [] }: Summary,
  notes: readonly string[],
): readonly string[] {
  const lines = [
    ...reasons.map((reason) => `- ${plain(reason)}`),
    ...tolerated.map((one) => `- tolerated: ${plain(one)}`),
    ...[...warnings, ...notes].map((one) => `- note: ${plain(one)}`),
  ];
  return [`## ${VERDICTS[outcome]} ${plain(name)}`, ...(lines.length > 0 ? ['', ...lines] : [])];
}

function thresholdSection({ thresholds }: Summary): readonly string[] {
  if (thresholds.length === 0) return [];
  const rows = thresholds.map((one) => [
    one.ok ? '✅' : '❌',
    code(one.metric),
    code(one.expression),
    plain(measuredText(one)),
  ]);
  return ['### Thresholds', '', ...markdownTable(['', 'metric', 'threshold', 'measured'], rows, [3])];
}

/** Those that did not always hold; of the others, how many there are. */
function checkSection({ checks }: Summary): readonly string[] {
  if (checks.length === 0) return [];
  const failed = checks.filter((check) => check.failed > 0);
  const held = `${plural(checks.length - failed.length, 'check')} of ${formatCount(checks.length)} always held.`;
  const rows = failed
    .slice(0, MOST_CHECKS)
    .map((one) => [
      plain(one.name),
      formatRatio(one.ok / (one.ok + one.failed)),
      formatCount(one.ok),
      formatCount(one.failed),
    ]);
  const table = rows.length > 0 ? ['', ...markdownTable(['check', 'held', 'ok', 'failed'], rows, [1, 2, 3])] : [];
  return ['### Checks', '', held, ...table];
}

function errorSection({ errors }: Summary): readonly string[] {
  if (errors.length === 0) return [];
  const most = errors.slice(0, MOST_ERRORS);
  const lines = most.map(({ count, scenario, message }) => `${formatCount(count)} × ${scenario}: ${oneLine(message)}`);
  const more = errors.length > most.length ? [`and ${formatCount(errors.length - most.length)} more`] : [];
  return ['<details><summary>Errors</summary>', '', ...markdownCode([...lines, ...more].join('\n')), '', '</details>'];
}

/** What was run, and how the generator was. */
function runSection(summary: Summary, { labels = {}, metadata }: RunRecord): readonly string[] {
  const { run, nodes, workers, durationMs, seed, lost, schedule } = summary;
  const figures = [
    plain(run),
    formatDuration(durationMs),
    plural(nodes, 'node'),
    plural(workers, 'worker'),
    `seed ${seed}`,
    lost === null ? 'the accounts of the samples do not add up' : `${plural(lost, 'sample')} lost`,
    ...Object.entries(labels).map(([key, value]) => plain(`${key}=${value}`)),
    ...(metadata?.git?.revision === undefined ? [] : [plain(`revision ${metadata.git.revision.slice(0, 12)}`)]),
  ];
  const late = schedule && [
    `Arrivals: ${formatCount(schedule.dropped)} dropped`,
    ...(schedule.lag ? [`began late by p99 ${formatMs(schedule.lag.p99)}`] : []),
    ...(schedule.fromStart && schedule.fromPlan
      ? [`took p99 ${formatMs(schedule.fromStart.p99)}, from their plan p99 ${formatMs(schedule.fromPlan.p99)}`]
      : []),
  ];
  const rate = summary.total.ok + summary.total.ko > 0 ? [`${formatRate(summary.total.rate)}`] : [];
  return [...(late ? [`${late.join(', ')}.`, ''] : []), `<sub>${[...figures, ...rate].join(' · ')}</sub>`];
}
