import type { RequestFigures, Summary } from '@loads/core';
import { formatCount, formatMs, formatRate, formatRatio } from '../../console/format.ts';
import { severalProtocols } from '../../console/several-protocols.ts';
import { markdownTable, markdownText as plain } from './markdown.ts';

/** A page in GitHub has room for 1 MiB, and a reader for less. */
const MOST_NAMES = 50;
const HEADER = ['requests', 'failed', 'rate', 'p50', 'p95', 'p99', 'max'];

/** The requests by name, the most frequent ones, and all of them by phase. */
export function requestSection({ requests, total }: Summary): readonly string[] {
  const count = ({ ok, ko }: RequestFigures): number => ok + ko;
  if (count(total) === 0) return [];
  const spoken = severalProtocols(requests);
  const named = requests.length > 1 || spoken ? requests.toSorted((a, b) => count(b) - count(a)) : [];
  const first = (name: string, protocol = ''): readonly string[] => (spoken ? [name, protocol] : [name]);
  const phases = Object.entries(total.phases);
  const rows = [
    ...named.slice(0, MOST_NAMES).map((row) => cellsOf(first(plain(row.name), row.protocol), row)),
    cellsOf(first('**all requests**'), total),
    ...(phases.length > 1 ? phases.map(([phase, figures]) => cellsOf(first(`… ${phase}`), figures)) : []),
  ];
  const figures = HEADER.map((_, i) => first('').length + i);
  const left = named.length - MOST_NAMES;
  const more = left > 0 ? ['', `The ${formatCount(left)} least frequent names are in summary.json.`] : [];
  return ['### Requests', '', ...markdownTable([...first('', 'protocol'), ...HEADER], rows, figures), ...more];
}

function cellsOf(first: readonly string[], { ok, ko, rate, duration }: RequestFigures): readonly string[] {
  const failed = ko === 0 ? '0' : `${formatCount(ko)} (${formatRatio(ko / (ok + ko)).replace('<', '&lt;')})`;
  const times = duration
    ? [duration.p50, duration.p95, duration.p99, duration.max].map(formatMs)
    : ['-', '-', '-', '-'];
  return [...first, formatCount(ok + ko), failed, formatRate(rate), ...times];
}
