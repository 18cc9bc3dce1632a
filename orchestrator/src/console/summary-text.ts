import { type CustomRow, formatDuration, METRICS, type PointAccounting, type Summary } from '@loads/core';
import { errorLines } from './error-text.ts';
import {
  formatCount,
  formatMegabytes,
  formatMs,
  formatNumber,
  formatRate,
  formatRatio,
  oneLine,
  plural,
} from './format.ts';
import { measuredText } from './measured-text.ts';
import type { Paint } from './paint.ts';
import { recoveryLines } from './recovery-text.ts';
import { requestTable } from './request-table.ts';
import { fittingTable, INDENT, statisticCells } from './statistics-table.ts';
import { type Cell, table } from './table.ts';
import { leftText, MOST_ROWS, worthShowing } from './worth-showing.ts';

const LONGEST_NAME = 60;

/**
 * The summary of a run as text: what was measured, then the verdict. Tables lose columns where `columns` are few; errors and
 * long tables are cut unless they are to be shown in `full`.
 */
export function summaryText(summary: Summary, paint: Paint, columns: number, full = false): string {
  const sections = [
    titled(paint.strong('requests'), requestTable(summary, paint, columns, mostRows(full))),
    iterationSection(summary, paint),
    stepSection(summary, paint, columns, full),
    checkSection(summary, paint, full),
    failureSection(summary, paint),
    titled(paint.strong('errors'), errorLines(summary.errors, paint, full)),
    exitSection(summary, paint),
    metricSection('other protocols', summary.custom.filter(isOwn), paint, columns),
    metricSection(
      'custom metrics',
      summary.custom.filter((row) => !isOwn(row) && !isHost(row)),
      paint,
      columns,
    ),
    metricSection('watched hosts', summary.custom.filter(isHost), paint, columns),
    faultSection(summary, paint),
    titled(paint.strong('recovery'), recoveryLines(summary, paint)),
    thresholdSection(summary, paint),
    generatorSection(summary, paint),
    verdictSection(summary, paint),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `${INDENT}${line}`)];
}

/** Who asks for all gets all. */
function mostRows(full: boolean): number {
  return full ? Number.POSITIVE_INFINITY : MOST_ROWS;
}

function iterationSection({ iterations, interrupted, schedule, scalings }: Summary, paint: Paint): readonly string[] {
  const header = ['', 'ok', 'failed', 'mean', 'p95', 'max'].map((text) => ({ text, paint: paint.faint }));
  const rows = iterations.map(({ scenario, ok, failed, duration }) => [
    oneLine(scenario, LONGEST_NAME),
    formatCount(ok),
    { text: formatCount(failed), paint: failed > 0 ? paint.bad : undefined },
    ...(duration ? [duration.mean, duration.p95, duration.max].map(formatMs) : ['-', '-', '-']),
  ]);
  const cut = interrupted > 0 ? [paint.warn(`${plural(interrupted, 'iteration')} cut at the end`)] : [];
  const figures = rows.length > 0 ? table([header, ...rows]) : [];
  return titled(paint.strong('iterations'), [
    ...figures,
    ...cut,
    ...scalingLines(scalings),
    ...scheduleLines(schedule, paint),
  ]);
}

/** How the number of workers was set by hand. */
function scalingLines(scalings: Summary['scalings'] = []): readonly string[] {
  if (scalings.length === 0) return [];
  const steps = scalings.map(
    ({ atMs, workers }) => `${formatCount(workers)} after ${formatDuration(Math.round(atMs / 1000) * 1000)}`,
  );
  return [`scaled while it went on, to workers: ${steps.join(', ')}`];
}

/** Of arrivals: how late they began, and how many found nobody. */
function scheduleLines(schedule: Summary['schedule'], paint: Paint): readonly string[] {
  if (!schedule) return [];
  const { lag, dropped, fromStart, fromPlan } = schedule;
  const late = lag && `began late by p50 ${formatMs(lag.p50)}, p99 ${formatMs(lag.p99)}, max ${formatMs(lag.max)}`;
  const lost = dropped > 0 ? [paint.bad(`${plural(dropped, 'arrival')} dropped: all workers were busy`)] : [];
  const both =
    fromStart && fromPlan
      ? [
          `took from their begin p99 ${formatMs(fromStart.p99)}, from when they were planned p99 ${formatMs(fromPlan.p99)}`,
        ]
      : [];
  return [...(late === undefined ? [] : [late]), ...both, ...lost];
}

function stepSection({ steps = [] }: Summary, paint: Paint, columns: number, full: boolean): readonly string[] {
  const { shown, left } = worthShowing(
    steps,
    ({ duration }) => ({ failed: 0, count: duration?.count ?? 0 }),
    mostRows(full),
  );
  const lines = fittingTable(columns, (stats) => [
    ['', 'count', ...stats.map(({ title }) => title)].map((text) => ({ text, paint: paint.faint })),
    ...shown.map(({ scenario, name, duration }) => [
      oneLine(`${scenario} / ${name}`, LONGEST_NAME),
      formatCount(duration?.count ?? 0),
      ...statisticCells(duration, stats, formatMs),
    ]),
  ]);
  return steps.length === 0 ? [] : titled(paint.strong('steps'), [...lines, ...leftText(left).map(paint.faint)]);
}

function checkSection({ checks }: Summary, paint: Paint, full: boolean): readonly string[] {
  const { shown, left } = worthShowing(checks, ({ ok, failed }) => ({ failed, count: ok }), mostRows(full));
  const lines = shown.map(({ name: text, ok, failed }) => {
    const name = oneLine(text);
    if (failed === 0) return `${paint.good('✓')} ${name}  ${formatCount(ok)}`;
    const share = formatRatio(ok / (ok + failed));
    return `${paint.bad('✗')} ${name}  ${share} held: ✓ ${formatCount(ok)} / ✗ ${formatCount(failed)}`;
  });
  return titled(paint.strong('checks'), [...lines, ...leftText(left).map(paint.faint)]);
}

function failureSection({ failures }: Summary, paint: Paint): readonly string[] {
  const classes = failures.map(({ failure, count }) => `${failure} ${formatCount(count)}`).join('   ');
  return titled(paint.strong('failures by class'), classes === '' ? [] : [classes]);
}

/** How the programs of a command ended. */
function exitSection({ commandExits = [] }: Summary, paint: Paint): readonly string[] {
  const codes = commandExits.map(({ code, count }) => {
    const text = `${code}: ${formatCount(count)}`;
    return code === 0 ? text : paint.bad(text);
  });
  return titled(paint.strong('exit codes'), codes.length === 0 ? [] : [codes.join('   ')]);
}

/** A metric of Loads itself, of another protocol than HTTP. */
function isOwn({ metric }: CustomRow): boolean {
  return Object.hasOwn(METRICS, metric);
}

/** A metric of one watched host: `host_cpu{host:db}`. */
function isHost({ metric }: CustomRow): boolean {
  return /^host_\w+\{host:/.test(metric);
}

function metricSection(title: string, rows: readonly CustomRow[], paint: Paint, columns: number): readonly string[] {
  const trends = rows.filter(({ kind }) => kind === 'trend');
  const others = rows.filter(({ kind }) => kind !== 'trend');
  const trendLines = fittingTable(columns, (stats) => [
    ['', 'count', ...stats.map(({ title }) => title)].map((text) => ({ text, paint: paint.faint })),
    ...trends.map(({ metric, trend }) => [
      metric,
      formatCount(trend?.count ?? 0),
      ...statisticCells(trend, stats, METRICS[metric]?.unit === 'ms' ? formatMs : formatNumber),
    ]),
  ]);
  const lines = [...(trends.length > 0 ? trendLines : []), ...table(others.map(customCells))];
  return titled(paint.strong(title), lines);
}

function customCells({ metric, kind, value, rate, range }: CustomRow): (Cell | string)[] {
  return [
    metric,
    { text: kind, left: true },
    value === undefined ? '-' : kind === 'rate' ? formatRatio(value) : formatNumber(value),
    range ? { text: rangeText(range), left: true } : rate === undefined ? '' : formatRate(rate),
  ];
}

/** A gauge that never changed has said all with its last value. */
function rangeText({ min, avg, max }: NonNullable<CustomRow['range']>): string {
  return min === max ? '' : `avg ${formatNumber(avg)}  max ${formatNumber(max)}`;
}

function faultSection({ faults }: Summary, paint: Paint): readonly string[] {
  const rows = faults.map(({ fault, proxy, protocol, behavior, count }) => [
    fault,
    { text: `${behavior} on ${proxy} (${protocol})`, left: true },
    formatCount(count),
  ]);
  return titled(paint.strong('faults injected'), table(rows));
}

function thresholdSection({ thresholds }: Summary, paint: Paint): readonly string[] {
  const lines = thresholds.map((threshold) => {
    const mark = threshold.ok ? paint.good('✓') : paint.bad('✗');
    return `${mark} ${threshold.metric}  ${threshold.expression}  ${paint.faint(measuredText(threshold))}`;
  });
  return titled(paint.strong('thresholds'), lines);
}

function generatorSection({ nodeRows, accounting, lost, startSkewMs, run }: Summary, paint: Paint): readonly string[] {
  const rows = nodeRows.map(({ node, state, cpu, memoryBytes, loopLagP99Ms, startSkewMs: skew, commandExit }) => [
    `node ${node}`,
    { text: state, paint: state === 'lost' ? paint.bad : undefined },
    { text: cpu === undefined ? '' : `CPU ${formatRatio(cpu)}`, left: true },
    { text: memoryBytes === undefined ? '' : `memory ${formatMegabytes(memoryBytes)}`, left: true },
    { text: loopLagP99Ms === undefined ? '' : `loop lag p99 ${formatMs(loopLagP99Ms)}`, left: true },
    { text: skew === undefined ? '' : `started +${Math.round(skew)}ms`, left: true },
    { text: commandExit === undefined ? '' : `exit code ${commandExit}`, left: true },
  ]);
  const { emitted, received, stored, points } = accounting;
  const lostText = lost === null ? 'the accounts do not add up' : `${formatCount(lost)} lost`;
  const from = emitted === null ? `${formatCount(received)} received` : `${formatCount(emitted)} emitted`;
  const samples = `samples: ${from} / ${formatCount(stored)} stored (${lostText})`;
  const skewLine = startSkewMs === undefined ? [] : [`start skew: ${Math.round(startSkewMs)}ms`];
  return titled(paint.strong('generator'), [
    ...table(rows),
    ...skewLine,
    lost === 0 ? samples : paint.bad(samples),
    ...(points ? pointsLines(points, run, paint) : []),
  ]);
}

/** What became of the points for the database, and how to mend it when they are not there. */
function pointsLines({ written, spooled, dropped, problem }: PointAccounting, run: string, paint: Paint): string[] {
  const line = `points: ${formatCount(written)} written / ${formatCount(spooled)} spooled / ${formatCount(dropped)} dropped`;
  const missing = spooled + dropped;
  const why =
    problem === undefined
      ? []
      : [paint.bad(`${formatCount(missing)} points are not in the database: ${oneLine(problem, 600)}`)];
  const mend = spooled > 0 ? [`store what is spooled later: loads push ${run}`] : [];
  return [missing > 0 ? paint.bad(line) : line, ...why, ...mend];
}

const OUTCOME_WORDS = { passed: 'PASSED', failed: 'FAILED', invalid: 'INVALID', stopped: 'STOPPED' } as const;

function verdictSection(
  { outcome, reasons, tolerated, warnings = [], run, durationMs }: Summary,
  paint: Paint,
): readonly string[] {
  const word = OUTCOME_WORDS[outcome];
  const painted = outcome === 'passed' ? paint.good(word) : outcome === 'stopped' ? paint.warn(word) : paint.bad(word);
  const title = `${paint.strong(painted)}  ${run}, ${formatDuration(durationMs)}`;
  return [
    title,
    ...tolerated.map((reason) => `  tolerated: ${reason}`),
    ...warnings.map((warning) => `  note: ${warning}`),
    ...reasons.map((reason) => `  ${reason}`),
  ];
}
