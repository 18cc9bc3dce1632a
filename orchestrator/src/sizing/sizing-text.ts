import { formatDuration } from '@loads/core';
import { formatMs, formatRate, formatRatio, oneLine, plural } from '../console/format.ts';
import type { Paint } from '../console/paint.ts';
import { type EdgeRow, type SizingReport, saturationOf, type TrialRow } from './sizing-report.ts';

/** A trial in one line. */
export function trialText(row: TrialRow, paint: Paint): string {
  const { stage, name, outcome } = row;
  const word = { held: paint.good, broke: paint.bad, invalid: paint.warn }[outcome](outcome.padEnd(7));
  const [first] = furtherReasons(row);
  const why = first === undefined ? '' : `: ${oneLine(first)}`;
  return `  ${paint.faint(stage.padEnd(6))}  ${name.padStart(12)}  ${word}  ${figures(row)}${why}`;
}

/** What a sizing found, for people. */
export function sizingText(report: SizingReport, paint: Paint): readonly string[] {
  const { tolerance } = report;
  const saturation = saturationOf(report);
  return [
    '',
    headline(report, paint),
    ...bracketText(report, paint),
    ...(saturation
      ? [`  ${saturation.name} already make ${formatRate(saturation.iterationRate)}: more only wait`]
      : []),
    `  tolerance ${formatRatio(tolerance)} of failures; ${triedText(report)}`,
  ];
}

/** The two sides of the edge, each with its figures. */
export function bracketText(
  { holds, breaks }: Pick<SizingReport, 'holds' | 'breaks'>,
  paint: Paint,
): readonly string[] {
  return [
    ...(holds ? [`  ${paint.good('holds')}   ${edgeText(holds)}`] : []),
    ...(breaks
      ? [
          `  ${breaks.held + breaks.broke > 0 ? paint.bad('breaks') : paint.warn('open  ')}  ${edgeText(breaks)}`,
          ...furtherReasons(breaks).slice(0, 3).map(reason),
        ]
      : []),
  ];
}

/** What it took: trials, time and iterations. */
export function triedText({ trials, elapsedMs }: Pick<SizingReport, 'trials' | 'elapsedMs'>): string {
  const iterations = trials.reduce((sum, one) => sum + one.iterations, 0);
  const tried = `${plural(trials.length, 'trial')} in ${formatDuration(Math.round(elapsedMs / 1000) * 1000)}`;
  return `${tried}, ${plural(iterations, 'iteration')}`;
}

function headline({ end, holds, breaks, confidence, trials }: SizingReport, paint: Paint): string {
  const sure = `(confidence ${formatRatio(Number(confidence.toFixed(2)))})`;
  const most = holds?.name ?? 'nothing';
  switch (end) {
    case 'service':
      return holds
        ? `sizing: ${paint.strong(`up to ${most}`)} ${sure}`
        : `sizing: ${paint.bad('nothing holds')}, not even ${breaks?.name ?? 'the least'} ${sure}`;
    case 'ceiling':
      return `sizing: ${paint.strong(`${most} or more`)}, the highest load that was to be tried ${sure}`;
    case 'generator':
      return `sizing: ${paint.strong(`${most} or more`)}: above it the generator was the limit, not the service`;
    case 'trials':
      return `sizing: ${paint.warn('not settled')} after ${plural(trials.length, 'trial')}; so far up to ${most} ${sure}`;
    case 'stopped':
      return `sizing: ${paint.warn('not finished')}, stopped by the user; so far ${most} held`;
  }
}

function edgeText(edge: EdgeRow): string {
  const { name, held, broke, invalid } = edge;
  const judged = held + broke;
  const times = judged === 0 ? `could not be judged (${invalid} x)` : `${held} of ${judged} trials held`;
  return `${name}: ${times}, ${figures(edge)}`;
}

type Figures = Pick<TrialRow, 'iterationRate' | 'requestRate' | 'p95Ms' | 'failures'>;

function figures({ iterationRate, requestRate, p95Ms, failures }: Figures): string {
  const latency = p95Ms === undefined ? '' : `, p95 ${formatMs(p95Ms)}`;
  const requests = requestRate > 0 ? `, ${formatRate(requestRate)} requests` : '';
  const failed = `${formatRatio(failures.ratio)} of ${failures.of} failed`;
  return `${formatRate(iterationRate)} iterations${requests}${latency}, ${failed}`;
}

/** The reasons that the figures do not tell. */
function furtherReasons({ reasons, failures }: Pick<TrialRow, 'reasons' | 'failures'>): readonly string[] {
  return reasons.filter((one) => !one.endsWith(`of ${failures.of} failed`));
}

function reason(text: string): string {
  return `          ${oneLine(text)}`;
}
