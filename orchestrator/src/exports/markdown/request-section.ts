import type { RequestFigures, Summary } from '@loads/core';
import { formatCount, formatMs, formatRate, formatRatio } from '../../console/format.ts';
import { markdownTable, markdownText as plain } from './markdown.ts';

/** A page in GitHub has room for 1 MiB, and a reader for less. */
const MOST_NAMES = 50;
const HEADER = ['', 'requests', 'failed', 'rate', 'p50', 'p95', 'p99', 'max'];
const FIGURES = [1, 2, 3, 4, 5, 6, 7];

/** The requests by name, the most frequent ones, and all of them by phase. */
export function requestSection({ requests, total }: Summary): readonly string[] {
  const count = ({ ok, ko }: RequestFigures): number => ok + ko;
  if (count(total) === 0) return [];
  const named = requests.length > 1 ? requests.toSorted((a, b) => count(b) - count(a)) : [];
  const phases = Object.entries(total.phases);
  const rows = [
    ...named.slice(0, MOST_NAMES).map((row) => cellsOf(plain(row.name), row)),
    cellsOf('**all requests**', total),
    ...(phases.length > 1 ? phases.map(([phase, figures]) => cellsOf(`… ${phase}`, figures)) : []),
  ];
  const left = named.length - MOST_NAMES;
  const more = left > 0 ? ['', `The ${formatCount(left)} least frequent names are in summary.json.`] : [];
  return ['### Requests', '', ...markdownTable(HEADER, rows, FIGURES), ...more];
}

function cellsOf(name: string, { ok, ko, rate, duration }: RequestFigures): readonly string[] {
  const failed = ko === 0 ? '0' : `${formatCount(ko)} (${formatRatio(ko / (ok + ko)).replace('<', '&lt;')})`;
  const times = duration
    ? [duration.p50, duration.p95, duration.p99, duration.max].map(formatMs)
    : ['-', '-', '-', '-'];
  return [name, formatCount(ok + ko), failed, formatRate(rate), ...times];
}
