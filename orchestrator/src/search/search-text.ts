import { formatRatio, oneLine, plural } from '../console/format.ts';
import type { Paint } from '../console/paint.ts';
import { bracketText, triedText } from '../sizing/sizing-text.ts';
import type { SearchReport } from './search-report.ts';

/** What a search found, for people: the bracket, and what it took. */
export function searchText(report: SearchReport, paint: Paint): readonly string[] {
  const { until, tolerance, entry } = report;
  const conditions = until.map((one) => oneLine(one)).join(', ');
  const failures = tolerance < 1 ? [`at most ${formatRatio(tolerance)} of failures`] : [];
  const held = [...(conditions === '' ? [] : [conditions]), ...failures].join(' and ');
  const of = entry === undefined ? '' : ` of ${oneLine(entry)}`;
  return [
    '',
    headline(report, paint),
    ...bracketText(report, paint),
    `  over the ${report.vary}${of}, as long as: ${held}; ${triedText(report)}`,
  ];
}

function headline({ end, holds, breaks, confidence, trials }: SearchReport, paint: Paint): string {
  const sure = `(confidence ${formatRatio(Number(confidence.toFixed(2)))})`;
  const most = holds?.name ?? 'nothing';
  switch (end) {
    case 'service':
      return holds
        ? `search: ${paint.strong(`holds at ${most}, breaks at ${breaks?.name}`)} ${sure}`
        : `search: ${paint.bad('nothing holds')}: it breaks at ${breaks?.name ?? 'the least'}, the least that was to be tried ${sure}`;
    case 'ceiling':
      return `search: ${paint.strong(`holds at ${most}`)}, the most that was to be tried ${sure}`;
    case 'generator':
      return `search: ${paint.strong(`holds at ${most}`)}; ${breaks?.name} could not be judged: ${oneLine(breaks?.reasons[0] ?? 'the runs are invalid')}`;
    case 'trials':
      return `search: ${paint.warn('not settled')} after ${plural(trials.length, 'trial')}; so far ${most} holds ${sure}`;
    case 'stopped':
      return `search: ${paint.warn('not finished')}, stopped by the user; so far ${most} held`;
  }
}
