import type { CustomRow, Summary, TrendStats } from '@loads/core';
import { formatCount, formatMs, formatNumber, formatRate, formatRatio, plural } from '../console/format.ts';
import { badge } from '../page/badge.ts';
import { type Content, type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { type Column, table } from '../page/table.ts';
import type { RunReport } from './run-report.ts';

/** What scenarios did beside requests: iterations, steps, checks, metrics of their own. Nothing where there was nothing. */
export function detailSection({ summary }: RunReport): readonly Section[] {
  const parts = [iterations(summary), steps(summary), checks(summary), exits(summary), custom(summary)];
  const content = parts.filter((part) => part !== undefined);
  return content.length === 0 ? [] : [{ id: 'scenarios', title: 'Scenarios', content }];
}

const DURATIONS: readonly Column[] = ['Mean', 'p50', 'p95', 'p99', 'Max'].map((title) => ({ title, numeric: true }));

function durationCells(stats: TrendStats | undefined, format: (value: number) => string = formatMs): readonly string[] {
  return stats
    ? [stats.mean, stats.p50, stats.p95, stats.p99, stats.max].map(format)
    : Array<string>(DURATIONS.length).fill('-');
}

function iterations({ iterations: rows, interrupted }: Summary): Html | undefined {
  if (rows.length === 0) return undefined;
  const cut = interrupted > 0 && html`<p class="warn">${plural(interrupted, 'iteration')} cut at the end.</p>`;
  return html`<h3>Iterations</h3>${table({
    caption: 'Iterations of each scenario',
    columns: [{ title: 'Scenario' }, { title: 'OK', numeric: true }, { title: 'Failed', numeric: true }, ...DURATIONS],
    rows: rows.map(({ scenario, ok, failed, duration }) => {
      return { cells: [scenario, formatCount(ok), failedCell(failed), ...durationCells(duration)] };
    }),
  })}${cut}`;
}

function steps({ steps: rows = [] }: Summary): Html | undefined {
  if (rows.length === 0) return undefined;
  return html`<h3>Steps</h3>${table({
    caption: 'Steps of scenarios',
    columns: [{ title: 'Step' }, { title: 'Count', numeric: true }, ...DURATIONS],
    rows: rows.map(({ scenario, name, duration }) => {
      return { cells: [`${scenario} / ${name}`, formatCount(duration?.count ?? 0), ...durationCells(duration)] };
    }),
  })}`;
}

function checks({ checks: rows }: Summary): Html | undefined {
  if (rows.length === 0) return undefined;
  return html`<h3>Checks</h3>${table({
    caption: 'Checks, and how often they held',
    columns: [
      { title: 'Check' },
      { title: 'Verdict' },
      ...['Held', 'Did not', 'Share'].map((title) => ({ title, numeric: true })),
    ],
    rows: rows.map(({ name, ok, failed }) => {
      const verdict = failed === 0 ? badge('good', '✓ always') : badge('bad', '✗ not always');
      return { cells: [name, verdict, formatCount(ok), failedCell(failed), formatRatio(ok / (ok + failed))] };
    }),
  })}`;
}

function exits({ commandExits = [] }: Summary): Html | undefined {
  if (commandExits.length === 0) return undefined;
  return html`<h3>Exit codes</h3>${table({
    caption: 'How the programs of the command ended; over 128: by a signal',
    columns: [{ title: 'Exit code' }, { title: 'Count', numeric: true }],
    rows: commandExits.map(({ code, count }) => ({ cells: [code, formatCount(count)] })),
  })}`;
}

function custom({ custom: rows }: Summary): Html | undefined {
  if (rows.length === 0) return undefined;
  const trends = rows.filter(({ kind }) => kind === 'trend');
  const others = rows.filter(({ kind }) => kind !== 'trend');
  return html`<h3>Custom metrics</h3>${trends.length > 0 && trendTable(trends)}${others.length > 0 && valueTable(others)}`;
}

function trendTable(rows: readonly CustomRow[]): Html {
  return table({
    caption: 'Distributions, each in its own unit',
    columns: [{ title: 'Metric' }, { title: 'Count', numeric: true }, ...DURATIONS],
    rows: rows.map(({ metric, trend }) => {
      return { cells: [metric, formatCount(trend?.count ?? 0), ...durationCells(trend, formatNumber)] };
    }),
  });
}

function valueTable(rows: readonly CustomRow[]): Html {
  return table({
    caption:
      'Counters, gauges (their last value, and over all of theirs the mean, least and most), sets (their size) and rates (their share of ones)',
    columns: [
      { title: 'Metric' },
      { title: 'Kind' },
      ...['Value', 'Rate', 'Mean', 'Least', 'Most'].map((title) => ({ title, numeric: true })),
    ],
    rows: rows.map(({ metric, kind, value, rate, range }) => ({
      cells: [
        metric,
        kind,
        value === undefined ? '-' : kind === 'rate' ? formatRatio(value) : formatNumber(value),
        rate === undefined ? '' : formatRate(rate),
        ...[range?.avg, range?.min, range?.max].map((one) => (one === undefined ? '' : formatNumber(one))),
      ],
    })),
  });
}

function failedCell(failed: number): Content {
  return failed > 0 ? html`<span class="bad">${formatCount(failed)}</span>` : formatCount(failed);
}
