import type { TrendStats } from '@loads/core';
import { type Cell, table } from './table.ts';
import { widthOf } from './width.ts';

/** Before every line of a section. */
export const INDENT = '  ';

/** A column of a table: a figure of a distribution. */
export type Statistic = { readonly title: string; of(trend: TrendStats): number };

const STATS: readonly Statistic[] = [
  { title: 'min', of: ({ min }) => min },
  { title: 'mean', of: ({ mean }) => mean },
  { title: 'p50', of: ({ p50 }) => p50 },
  { title: 'p90', of: ({ p90 }) => p90 },
  { title: 'p95', of: ({ p95 }) => p95 },
  { title: 'p99', of: ({ p99 }) => p99 },
  { title: 'p99.9', of: ({ p999 }) => p999 },
  { title: 'max', of: ({ max }) => max },
];
/** What is shown where there is less and less room. */
const CHOICES: readonly (readonly string[])[] = [
  STATS.map(({ title }) => title),
  ['mean', 'p50', 'p95', 'p99', 'max'],
  ['p50', 'p95', 'max'],
  ['p95'],
];

/** A table with as many statistics as `columns` have room for. */
export function fittingTable(
  columns: number,
  rowsOf: (stats: readonly Statistic[]) => readonly (readonly (Cell | string)[])[],
): readonly string[] {
  const tables = CHOICES.map((choice) => table(rowsOf(STATS.filter(({ title }) => choice.includes(title)))));
  const fits = (lines: readonly string[]): boolean => lines.every((line) => INDENT.length + widthOf(line) <= columns);
  return tables.find(fits) ?? tables.at(-1) ?? [];
}

/** The cells of a row; without a distribution they are empty of figures. */
export function statisticCells(
  trend: TrendStats | undefined,
  stats: readonly Statistic[],
  format: (value: number) => string,
): readonly string[] {
  return stats.map(({ of }) => (trend ? format(of(trend)) : '-'));
}
