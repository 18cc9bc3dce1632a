import type { RequestFigures, RequestRow, Summary } from '@loads/core';
import { formatCount, formatMs, formatRate, oneLine } from './format.ts';
import type { Paint } from './paint.ts';
import { severalProtocols } from './several-protocols.ts';
import { fittingTable, type Statistic, statisticCells } from './statistics-table.ts';
import type { Cell } from './table.ts';
import { leftText, worthShowing } from './worth-showing.ts';

const LONGEST_NAME = 60;

/**
 * The requests of a run by their names, and all of them; the most telling ones where there are more than `most`. The table loses
 * columns where `columns` are few.
 */
export function requestTable(
  { requests, total }: Pick<Summary, 'requests' | 'total'>,
  paint: Paint,
  columns: number,
  most: number,
): readonly string[] {
  if (total.ok + total.ko === 0) return [];
  const spoken = severalProtocols(requests);
  const { shown, left } = worthShowing(requests, ({ ok, ko }) => ({ failed: ko, count: ok }), most);
  const rows = [...(requests.length > 1 || spoken ? shown : []), total];
  const header = [...(spoken ? ['', 'protocol'] : ['']), 'ok', 'ko', 'rate'];
  const lines = fittingTable(columns, (stats) => [
    [...header, ...stats.map(({ title }) => title)].map((text) => ({ text, paint: paint.faint })),
    ...rows.flatMap((row) => requestCells(row, stats, paint, spoken)),
  ]);
  return [...lines, ...leftText(left).map(paint.faint)];
}

function requestCells(
  row: RequestRow,
  stats: readonly Statistic[],
  paint: Paint,
  spoken: boolean,
): (Cell | string)[][] {
  const phases = Object.entries(row.phases);
  const protocol = (text: string): Cell[] => (spoken ? [{ text, left: true }] : []);
  const own = [oneLine(row.name, LONGEST_NAME), ...protocol(row.protocol ?? ''), ...figureCells(row, stats, paint)];
  if (phases.length < 2) return [own];
  const split = phases.map(([phase, figures]) => [
    { text: `  ${phase}`, paint: paint.faint },
    ...protocol(''),
    ...figureCells(figures, stats, paint),
  ]);
  return [own, ...split];
}

function figureCells(
  { ok, ko, rate, duration }: RequestFigures,
  stats: readonly Statistic[],
  paint: Paint,
): (Cell | string)[] {
  const failed = { text: formatCount(ko), paint: ko > 0 ? paint.bad : undefined };
  return [formatCount(ok), failed, formatRate(rate), ...statisticCells(duration, stats, formatMs)];
}
