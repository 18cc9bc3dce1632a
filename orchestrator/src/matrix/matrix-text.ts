import { formatDuration, type MatrixRow } from '@loads/core';
import { formatCount, formatMs, formatRatio, oneLine, plural } from '../console/format.ts';
import type { Paint } from '../console/paint.ts';
import { type Cell, table } from '../console/table.ts';
import { type MatrixReport, WITHOUT_FAULTS } from './matrix-report.ts';

const MOST_REASONS = 3;

/** What each fault costs, for people. */
export function matrixText(report: MatrixReport, paint: Paint): readonly string[] {
  const { rows, runs, outcome, matrix, elapsedMs } = report;
  const head = ['', 'requests', 'failed', 'p95', 'slower', 'more failed', { text: 'effect', left: true }];
  const titles: readonly (Cell | string)[] = [
    ...head,
    { text: 'recovery', left: true },
    { text: 'verdict', left: true },
  ];
  const body = rows.map((row): readonly (Cell | string)[] => {
    const figures = figuresOf(row);
    const effect = { text: figures.effect, left: true, paint: effectPaint(row, paint) };
    const verdict = { text: row.outcome.toUpperCase(), left: true, paint: verdictPaint(row.outcome, paint) };
    const { name, requests, failed, p95, slower, moreFailed, recovery } = figures;
    return [name, requests, failed, p95, slower, moreFailed, effect, { text: recovery, left: true }, verdict];
  });
  const [first = '', ...lines] = table([titles, ...body]);
  const reasons = rows.flatMap((row) =>
    row.reasons.slice(0, MOST_REASONS).map((reason) => `  ${nameOf(row)}: ${oneLine(reason)}`),
  );
  const undone = runs - rows.length;
  return [
    '',
    'what each fault costs',
    paint.faint(`  ${first}`),
    ...lines.map((line) => `  ${line}`),
    ...(reasons.length > 0 ? ['', ...reasons] : []),
    '',
    `${verdictPaint(outcome, paint)(outcome.toUpperCase())}  ${matrix}, ${plural(rows.length, 'run')} in ${timeText(elapsedMs)}${undone > 0 ? `, ${undone} not made` : ''}`,
  ];
}

/** The same as a table of Markdown. */
export function matrixMarkdown(report: MatrixReport): string {
  const { rows, outcome, matrix, name } = report;
  const lines = rows.map((row) => {
    const { requests, failed, p95, slower, moreFailed, effect, recovery } = figuresOf(row);
    const cells = [nameOf(row), requests, failed, p95, slower, moreFailed, effect, recovery, row.outcome.toUpperCase()];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [
    `## ${name}: what each fault costs`,
    '',
    '| fault | requests | failed | p95 | slower | more failed | effect | recovery | verdict |',
    '| --- | ---: | ---: | ---: | ---: | ---: | --- | --- | --- |',
    ...lines,
    '',
    ...rows.flatMap((row) =>
      row.reasons.slice(0, MOST_REASONS).map((reason) => `- ${nameOf(row)}: ${oneLine(reason)}`),
    ),
    ...(rows.some(({ reasons }) => reasons.length > 0) ? [''] : []),
    `**${outcome.toUpperCase()}** ${matrix}`,
    '',
  ].join('\n');
}

type Figures = Readonly<
  Record<'name' | 'requests' | 'failed' | 'p95' | 'slower' | 'moreFailed' | 'effect' | 'recovery', string>
>;

function figuresOf(row: MatrixRow): Figures {
  const { requests, failed, p95Ms, cost } = row;
  const slower = cost?.p95Ms;
  const recovery = cost?.recoveryMs === undefined ? (cost?.reason ?? '') : formatMs(cost.recoveryMs);
  return {
    name: nameOf(row),
    requests: formatCount(requests),
    failed: requests === 0 ? '-' : formatRatio(failed / requests),
    p95: p95Ms === undefined ? '-' : formatMs(p95Ms),
    slower: slower === undefined ? '' : `${slower < 0 ? '-' : '+'}${formatMs(Math.abs(slower))}`,
    moreFailed: cost ? formatCount(cost.failed) : '',
    effect: cost?.effect ?? '',
    recovery: cost?.effect === 'none' ? '' : recovery,
  };
}

/** A run in one line, as soon as it is over. */
export function matrixRowText(row: MatrixRow, paint: Paint): string {
  const { name, requests, failed, p95 } = figuresOf(row);
  const verdict = verdictPaint(row.outcome, paint)(row.outcome.padEnd(7));
  return `  ${oneLine(name).padEnd(16)}  ${verdict}  ${requests} requests, ${failed} failed, p95 ${p95}`;
}

function nameOf({ fault = WITHOUT_FAULTS }: MatrixRow): string {
  return oneLine(fault);
}

function timeText(ms: number): string {
  return formatDuration(Math.round(ms / 1000) * 1000);
}

function verdictPaint(outcome: MatrixRow['outcome'], paint: Paint): (text: string) => string {
  if (outcome === 'passed') return paint.good;
  return outcome === 'failed' ? paint.bad : paint.warn;
}

function effectPaint({ cost }: MatrixRow, paint: Paint): ((text: string) => string) | undefined {
  if (cost?.effect === 'collapsed') return paint.bad;
  return cost?.effect === 'degraded' ? paint.warn : undefined;
}
