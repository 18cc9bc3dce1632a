import type { LiveRequestTotals } from '@loads/core';
import { fitLine, formatCount, formatMs, formatRate, oneLine } from './format.ts';
import type { Paint } from './paint.ts';
import { severalProtocols } from './several-protocols.ts';
import { type Cell, table } from './table.ts';
import { widthOf } from './width.ts';

const GAP = 2;
/** A name that keeps so many columns can still be told from others. */
const READABLE_NAME = 24;

type Column = { readonly title: string; cell(row: LiveRequestTotals, paint: Paint): Cell };

const COLUMNS: Readonly<Record<string, Column>> = {
  protocol: { title: 'protocol', cell: ({ protocol }) => ({ text: protocol, left: true }) },
  rate: { title: 'rate', cell: ({ rate }) => ({ text: formatRate(rate) }) },
  ok: { title: 'ok', cell: ({ requests, failed }) => ({ text: formatCount(requests - failed) }) },
  ko: {
    title: 'ko',
    cell: ({ failed }, paint) => ({ text: formatCount(failed), paint: failed > 0 ? paint.bad : undefined }),
  },
  p50: { title: 'p50', cell: (row) => ({ text: latency(row, 0.5) }) },
  p95: { title: 'p95', cell: (row) => ({ text: latency(row, 0.95) }) },
  p99: { title: 'p99', cell: (row) => ({ text: latency(row, 0.99) }) },
};
/** What is shown where there is less and less room. */
const CHOICES: readonly (readonly (keyof typeof COLUMNS)[])[] = [
  ['rate', 'ok', 'ko', 'p50', 'p95', 'p99'],
  ['rate', 'ok', 'ko', 'p95', 'p99'],
  ['rate', 'ok', 'ko', 'p95'],
  ['rate', 'ko', 'p95'],
  ['ko', 'p95'],
];

/**
 * The requests of a run by name, in at most so many columns and rows, title included: nothing where not even one fits. What
 * fails is shown first of all, then what is frequent; rows stand in the order of their names, so that they stay in their place.
 */
export function liveTable(
  names: readonly LiveRequestTotals[],
  room: { readonly columns: number; readonly rows: number },
  paint: Paint,
): readonly string[] {
  if (names.length === 0 || room.rows < 2) return [];
  const all = names.length + 1 <= room.rows;
  // The last row says how many are not shown.
  const shown = all ? names : names.toSorted(byNeed).slice(0, room.rows - 2);
  if (shown.length === 0) return [];
  const rows = shown.toSorted(
    (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || a.protocol.localeCompare(b.protocol),
  );
  const lines = fitting(rows, room.columns, paint);
  return all ? lines : [...lines, paint.faint(fitLine(`and ${names.length - shown.length} more names`, room.columns))];
}

function byNeed(a: LiveRequestTotals, b: LiveRequestTotals): number {
  return Number(b.failed > 0) - Number(a.failed > 0) || b.requests - a.requests || a.name.localeCompare(b.name);
}

function fitting(rows: readonly LiveRequestTotals[], columns: number, paint: Paint): readonly string[] {
  const longest = Math.max(...rows.map(({ name }) => widthOf(oneLine(name))));
  const spoken = severalProtocols(rows) ? ['protocol'] : [];
  let lines: readonly string[] = [];
  for (const choice of CHOICES) {
    const shown = [...spoken, ...choice].flatMap((key) => COLUMNS[key] ?? []);
    const figures = [
      shown.map(({ title }): Cell => ({ text: title, paint: paint.faint })),
      ...rows.map((row) => shown.map(({ cell }) => cell(row, paint))),
    ];
    const taken = shown.reduce(
      (sum, _, i) => sum + GAP + Math.max(...figures.map((row) => row[i]?.text.length ?? 0)),
      0,
    );
    const room = columns - taken;
    const titles = ['', ...rows.map(({ name }) => fitLine(oneLine(name), room))];
    lines = table(titles.map((title, i) => [title, ...(figures[i] ?? [])]));
    if (room >= Math.min(longest, READABLE_NAME)) return lines;
  }
  return lines.map((line) => fitLine(line, columns));
}

/** Of a name that was not asked for lately there is none. */
function latency({ durations }: LiveRequestTotals, quantile: number): string {
  const ms = durations.quantile(quantile);
  return ms === undefined ? '-' : formatMs(ms);
}
