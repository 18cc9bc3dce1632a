import {
  type CustomRow,
  formatDuration,
  METRICS,
  parseThreshold,
  type RequestFigures,
  type RequestRow,
  type Summary,
  type ThresholdResult,
  type TrendStats,
} from '@loads/core';
import { formatCount, formatMs, formatNumber, formatRate, formatRatio, plural } from './format.ts';
import type { Paint } from './paint.ts';
import { type Cell, table } from './table.ts';

const MOST_ERRORS = 5;

/** The summary of a run as text: what was measured, then the verdict. */
export function summaryText(summary: Summary, paint: Paint): string {
  const sections = [
    requestSection(summary, paint),
    iterationSection(summary, paint),
    checkSection(summary, paint),
    failureSection(summary, paint),
    customSection(summary),
    faultSection(summary),
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
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function requestSection({ requests, total }: Summary, paint: Paint): readonly string[] {
  if (total.ok + total.ko === 0) return [];
  const header = ['', 'ok', 'ko', 'rate', ...TREND_COLUMNS].map((text) => ({ text, paint: paint.faint }));
  const rows = [...(requests.length > 1 ? requests : []), total].flatMap((row) => requestCells(row, paint));
  return titled(paint.strong('requests'), table([header, ...rows]));
}

function requestCells(row: RequestRow, paint: Paint): (Cell | string)[][] {
  const phases = Object.entries(row.phases);
  const own = [row.name, ...figureCells(row, paint)];
  if (phases.length < 2) return [own];
  return [
    own,
    ...phases.map(([phase, figures]) => [{ text: `  ${phase}`, paint: paint.faint }, ...figureCells(figures, paint)]),
  ];
}

function figureCells({ ok, ko, rate, duration }: RequestFigures, paint: Paint): (Cell | string)[] {
  const failed = { text: formatCount(ko), paint: ko > 0 ? paint.bad : undefined };
  return [formatCount(ok), failed, formatRate(rate), ...trendCells(duration, formatMs)];
}

const TREND_COLUMNS = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'];

function trendCells(trend: TrendStats | undefined, format: (value: number) => string): string[] {
  if (!trend) return TREND_COLUMNS.map(() => '-');
  const { min, mean, p50, p90, p95, p99, p999, max } = trend;
  return [min, mean, p50, p90, p95, p99, p999, max].map(format);
}

function iterationSection({ iterations, interrupted }: Summary, paint: Paint): readonly string[] {
  if (iterations.length === 0) return [];
  const header = ['', 'ok', 'failed', 'mean', 'p95', 'max'].map((text) => ({ text, paint: paint.faint }));
  const rows = iterations.map(({ scenario, ok, failed, duration }) => [
    scenario,
    formatCount(ok),
    { text: formatCount(failed), paint: failed > 0 ? paint.bad : undefined },
    ...(duration ? [duration.mean, duration.p95, duration.max].map(formatMs) : ['-', '-', '-']),
  ]);
  const cut = interrupted > 0 ? [paint.warn(`${plural(interrupted, 'iteration')} cut at the end`)] : [];
  return titled(paint.strong('iterations'), [...table([header, ...rows]), ...cut]);
}

function checkSection({ checks }: Summary, paint: Paint): readonly string[] {
  const lines = checks.map(({ name, ok, failed }) => {
    if (failed === 0) return `${paint.good('✓')} ${name}  ${formatCount(ok)}`;
    const share = formatRatio(ok / (ok + failed));
    return `${paint.bad('✗')} ${name}  ${share} held: ✓ ${formatCount(ok)} / ✗ ${formatCount(failed)}`;
  });
  return titled(paint.strong('checks'), lines);
}

function failureSection({ failures, errors }: Summary, paint: Paint): readonly string[] {
  const classes = failures.map(({ failure, count }) => `${failure} ${formatCount(count)}`).join('   ');
  const shown = errors.slice(0, MOST_ERRORS).map(({ scenario, message, count }) => {
    return `${formatCount(count)} × ${scenario}: ${message.split('\n')[0]}`;
  });
  const more =
    errors.length > MOST_ERRORS ? [paint.faint(`and ${errors.length - MOST_ERRORS} more in summary.json`)] : [];
  return titled(paint.strong('failures by class'), [...(classes === '' ? [] : [classes]), ...shown, ...more]);
}

function customSection({ custom }: Summary): readonly string[] {
  const trends = custom.filter(({ kind }) => kind === 'trend');
  const others = custom.filter(({ kind }) => kind !== 'trend');
  const header = ['', 'count', ...TREND_COLUMNS];
  const rows = trends.map(({ metric, trend }) => [
    metric,
    formatCount(trend?.count ?? 0),
    ...trendCells(trend, formatNumber),
  ]);
  const lines = [...(rows.length > 0 ? table([header, ...rows]) : []), ...table(others.map(customCells))];
  return titled('custom metrics', lines);
}

function customCells({ metric, kind, value, rate }: CustomRow): string[] {
  return [metric, kind, formatNumber(value ?? 0), rate === undefined ? '' : formatRate(rate)];
}

function faultSection({ faults }: Summary): readonly string[] {
  const rows = faults.map(({ fault, proxy, protocol, behavior, count }) => [
    `${fault}`,
    `${behavior} on ${proxy} (${protocol})`,
    formatCount(count),
  ]);
  return titled('faults injected', table(rows));
}

function thresholdSection({ thresholds }: Summary, paint: Paint): readonly string[] {
  const lines = thresholds.map((threshold) => {
    const mark = threshold.ok ? paint.good('✓') : paint.bad('✗');
    return `${mark} ${threshold.metric}  ${threshold.expression}  ${paint.faint(actualOf(threshold))}`;
  });
  return titled(paint.strong('thresholds'), lines);
}

/** What was measured, in the unit of the metric. */
function actualOf({ metric, expression, actual, reason }: ThresholdResult): string {
  if (actual === undefined) return reason ?? '';
  const threshold = parseThreshold(metric, expression);
  const { name } = threshold.aggregation;
  const unit = METRICS[threshold.metric]?.unit;
  if (unit === 'ms' && name !== 'count') return formatMs(actual);
  return unit === 'ratio' && name === 'rate' ? formatRatio(actual) : formatNumber(actual);
}

function generatorSection({ nodeRows, accounting, lost, startSkewMs }: Summary, paint: Paint): readonly string[] {
  const rows = nodeRows.map(({ node, state, cpu, loopLagP99Ms, startSkewMs: skew, commandExit }) => [
    `node ${node}`,
    { text: state, paint: state === 'lost' ? paint.bad : undefined },
    cpu === undefined ? '' : `CPU ${formatRatio(cpu)}`,
    loopLagP99Ms === undefined ? '' : `loop lag p99 ${formatMs(loopLagP99Ms)}`,
    skew === undefined ? '' : `started +${Math.round(skew)}ms`,
    commandExit === undefined ? '' : `exit code ${commandExit}`,
  ]);
  const { emitted, received, stored, points } = accounting;
  const lostText = lost === null ? 'the accounts do not add up' : `${formatCount(lost)} lost`;
  const from = emitted === null ? `${formatCount(received)} received` : `${formatCount(emitted)} emitted`;
  const line = `samples: ${from} / ${formatCount(stored)} stored (${lostText})`;
  const skewLine = startSkewMs === undefined ? [] : [`start skew: ${Math.round(startSkewMs)}ms`];
  const database = points
    ? [
        `points: ${formatCount(points.written)} written / ${formatCount(points.spooled)} spooled / ${formatCount(points.dropped)} dropped`,
      ]
    : [];
  return titled(paint.strong('generator'), [
    ...table(rows),
    ...skewLine,
    lost === 0 ? line : paint.bad(line),
    ...database,
  ]);
}

const OUTCOME_WORDS = { passed: 'PASSED', failed: 'FAILED', invalid: 'INVALID', stopped: 'STOPPED' } as const;

function verdictSection({ outcome, reasons, tolerated, run, durationMs }: Summary, paint: Paint): readonly string[] {
  const word = OUTCOME_WORDS[outcome];
  const painted = outcome === 'passed' ? paint.good(word) : outcome === 'stopped' ? paint.warn(word) : paint.bad(word);
  const title = `${paint.strong(painted)}  ${run}, ${formatDuration(durationMs)}`;
  return [title, ...tolerated.map((reason) => `  tolerated: ${reason}`), ...reasons.map((reason) => `  ${reason}`)];
}
