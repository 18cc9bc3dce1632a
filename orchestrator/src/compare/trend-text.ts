import type { Trend, TrendPoint } from '@loads/core';
import { formatMs, formatRate, formatRatio } from '../console/format.ts';
import type { Paint } from '../console/paint.ts';
import { type Cell, table } from '../console/table.ts';
import { painted } from './comparison-text.ts';
import { CHANGE_WORDS } from './figure-text.ts';

/** The columns of a trend; figures are over all phases. */
export const TREND_COLUMNS: readonly string[] = [
  'run',
  'made',
  'revision',
  'verdict',
  'rate',
  'failures',
  'p50',
  'p95',
  'p99',
  'against the one before',
];

/** A run's cells, in the order of the columns, with the names of its labels after its own. */
export function trendCells({ run, createdAt, made, outcome, rate, all, change }: TrendPoint): readonly string[] {
  return [
    run,
    createdAt.slice(0, 16).replace('T', ' '),
    made.revision ?? '-',
    outcome,
    formatRate(rate),
    all ? formatRatio(all.failures) : '-',
    ...(all ? [all.p50, all.p95, all.p99].map(formatMs) : ['-', '-', '-']),
    change === undefined ? '-' : CHANGE_WORDS[change],
  ];
}

/** `version=2, tuned=yes`. */
export function labelsText({ labels }: TrendPoint): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** A trend as text: a line for each run, and how p95 and the failures went. */
export function trendText({ name, points }: Trend, notes: readonly string[], paint: Paint): readonly string[] {
  const labelled = points.some(({ labels }) => Object.keys(labels).length > 0);
  const header = [...TREND_COLUMNS, ...(labelled ? ['labels'] : [])];
  const rows = points.map((point): (Cell | string)[] => {
    const cells = trendCells(point).map((text, i): Cell => {
      if (i === 3) return { text, paint: outcomePaint(point, paint), left: true };
      const { change } = point;
      if (i === TREND_COLUMNS.length - 1 && change)
        return { text, paint: (cell) => painted(change, cell, paint), left: true };
      return { text, left: i === 2 };
    });
    return [...cells, ...(labelled ? [{ text: labelsText(point), left: true }] : [])];
  });
  const lines = [
    `p95       ${sparkline(points.map(({ all }) => all?.p95))}`,
    `failures  ${sparkline(points.map(({ all }) => all?.failures))}`,
  ];
  return [
    paint.strong(`${name}, the oldest first`),
    ...table([header.map((text, i) => ({ text, paint: paint.faint, left: i === 2 || i === 3 || i > 8 })), ...rows]),
    '',
    ...lines,
    ...notes.map((note) => `${paint.warn('note:')} ${note}`),
  ];
}

function outcomePaint({ outcome }: TrendPoint, paint: Paint): (text: string) => string {
  if (outcome === 'passed') return paint.good;
  return outcome === 'failed' ? paint.bad : paint.warn;
}

const BARS = '▁▂▃▄▅▆▇█';

/** Values as bars from 0 to the greatest; a space where there is none. */
function sparkline(values: readonly (number | undefined)[]): string {
  const greatest = Math.max(...values.map((value) => value ?? 0));
  return values
    .map((value) => {
      if (value === undefined) return ' ';
      const place = greatest > 0 ? Math.round((value / greatest) * (BARS.length - 1)) : 0;
      return BARS[place] ?? '';
    })
    .join('');
}
