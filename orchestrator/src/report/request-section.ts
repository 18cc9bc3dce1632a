import {
  type Aggregate,
  formatDuration,
  groupBy,
  type RequestFigures,
  type RequestRow,
  type Series,
  type TrendStats,
} from '@loads/core';
import { formatCount, formatMs, formatRate, formatRatio } from '../console/format.ts';
import { badge } from '../page/badge.ts';
import { type Content, type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { type Column, type Row, table } from '../page/table.ts';
import { apdexOf, apdexRating } from './apdex.ts';
import type { RunReport } from './run-report.ts';

/** So many of the slowest requests are named. */
const SLOWEST = 5;
const QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];

/** The requests by name: with the split by phase, the slowest ones, and all percentiles. */
export function requestSection(report: RunReport): Section {
  const { total, requests } = report.summary;
  const place = { id: 'requests', title: 'Requests' };
  if (total.ok + total.ko === 0) return { ...place, content: html`<p>The run made no HTTP requests.</p>` };
  return {
    ...place,
    content: html`${mainTable(report)}
<p class="small muted">Latency is <code>http_req_duration</code>: from the request on the wire to the last byte of its answer, over all nodes, within 0.4 %.
Apdex takes an answer within ${formatDuration(report.apdexMs)} for satisfying, and a failed request for a frustrating one.</p>
${requests.length > 1 && html`<h3>Slowest requests</h3>${slowestTable(requests)}`}
<h3>Percentiles</h3>
${percentileTable(report.series, requests)}`,
  };
}

function mainTable(report: RunReport): Html {
  const { total, requests } = report.summary;
  const names = [...requests].sort((a, b) => b.ok + b.ko - a.ok - a.ko);
  const rows = [
    ...(requests.length > 1 ? names.flatMap((row) => rowsOf(report, row, row.name)) : []),
    ...rowsOf(report, total, undefined),
  ];
  return table({ caption: 'Requests by name, and each in the phases of the run', columns: COLUMNS, rows });
}

const COLUMNS: readonly Column[] = [
  { title: 'Name' },
  ...['OK', 'KO', 'Rate', 'Mean', 'p50', 'p90', 'p95', 'p99', 'Max', 'Apdex'].map((title) => ({
    title,
    numeric: true,
  })),
];

/** The row of a name (undefined: of all requests), and those of its phases. */
function rowsOf({ series, apdexMs }: RunReport, row: RequestRow, name: string | undefined): readonly Row[] {
  const tags = name === undefined ? {} : { name };
  const phases = Object.entries(row.phases);
  const split = phases.length < 2 ? [] : phases;
  return [
    {
      cells: [name ?? 'all requests', ...figureCells(row, apdexOf(series, apdexMs, tags))],
      kind: name === undefined ? 'total' : undefined,
    },
    ...split.map(([phase, figures]): Row => {
      return { cells: [phase, ...figureCells(figures, apdexOf(series, apdexMs, { ...tags, phase }))], kind: 'sub' };
    }),
  ];
}

function figureCells({ ok, ko, rate, duration }: RequestFigures, apdex: number | undefined): readonly Content[] {
  const failed = ko > 0 ? html`<span class="bad">${formatCount(ko)}</span>` : formatCount(ko);
  const pick = ({ mean, p50, p90, p95, p99, max }: TrendStats): readonly number[] => [mean, p50, p90, p95, p99, max];
  const latencies = duration ? pick(duration).map(formatMs) : Array<string>(6).fill('-');
  return [formatCount(ok), failed, formatRate(rate), ...latencies, apdexCell(apdex)];
}

function apdexCell(apdex: number | undefined): Content {
  if (apdex === undefined) return '-';
  const { word, tone } = apdexRating(apdex);
  return badge(tone, html`${apdex.toFixed(2)}<span class="hidden"> ${word}</span>`);
}

/** The slowest in the steady phase: what faults did has its own place. */
function slowestTable(requests: readonly RequestRow[]): Html {
  const timed = requests.flatMap((row) => {
    const duration = row.phases.steady?.duration ?? row.duration;
    return duration ? [{ name: row.name, duration }] : [];
  });
  const spent = timed.reduce((sum, { duration }) => sum + duration.count * duration.mean, 0);
  const slowest = timed.toSorted((a, b) => b.duration.mean - a.duration.mean).slice(0, SLOWEST);
  const rows = slowest.map(({ name, duration }) => {
    const share = spent > 0 ? formatRatio((duration.count * duration.mean) / spent) : '-';
    return { cells: [name, ...[duration.mean, duration.p95, duration.p99, duration.max].map(formatMs), share] };
  });
  return table({
    caption: `The ${rows.length} with the highest mean latency in the steady phase, and their share of all time spent waiting`,
    columns: [{ title: 'Name' }, ...['Mean', 'p95', 'p99', 'Max', 'Share'].map((title) => ({ title, numeric: true }))],
    rows,
  });
}

function percentileTable(series: readonly Series[], requests: readonly RequestRow[]): Html {
  const named = groupBy(series, 'http_req_duration', 'name');
  const rows = requests.flatMap(({ name }) => {
    const cells = quantileCells(named.get(name));
    return cells ? [{ cells: [name, ...cells] }] : [];
  });
  const titles = ['Min', ...QUANTILES.map((q) => `p${Number((100 * q).toFixed(2))}`), 'Max'];
  return table({
    caption: 'Latency of each request over the whole run',
    columns: [{ title: 'Name' }, ...titles.map((title) => ({ title, numeric: true }))],
    rows,
  });
}

function quantileCells(aggregate: Aggregate | undefined): readonly string[] | undefined {
  if (aggregate?.kind !== 'trend') return undefined;
  const { histogram } = aggregate;
  return [0, ...QUANTILES, 1].map((q) => formatMs(histogram.quantile(q) ?? Number.NaN));
}
