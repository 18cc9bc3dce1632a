import {
  type Aggregate,
  formatDuration,
  groupBy,
  REQUEST_METRICS,
  type RequestFigures,
  type RequestRow,
  type Series,
  type TrendStats,
} from '@loads/core';
import { formatCount, formatMs, formatRate, formatRatio } from '../console/format.ts';
import { severalProtocols } from '../console/several-protocols.ts';
import { badge } from '../page/badge.ts';
import { type Content, type Html, html } from '../page/html.ts';
import type { Section } from '../page/page.ts';
import { type Column, type Row, table } from '../page/table.ts';
import { apdexOf, apdexRating } from './apdex.ts';
import type { RunReport } from './run-report.ts';

const OTHER_PROTOCOLS: Html = html`Of gRPC it is <code>grpc_req_duration</code>, from the begin of a call to its status. A request of ws or tcp is a connection, and its latencies are those of waiting for what was to come on it
(<code>ws_waiting</code>, <code>tcp_waiting</code>); they are in that of all requests only where there are no others.
`;

/** So many of the slowest requests are named. */
const SLOWEST = 5;
const QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];

/** The requests by name: with the split by phase, the slowest ones, and all percentiles. */
export function requestSection(report: RunReport): Section {
  const { total, requests } = report.summary;
  const place = { id: 'requests', title: 'Requests' };
  if (total.ok + total.ko === 0) return { ...place, content: html`<p>The run made no requests.</p>` };
  return {
    ...place,
    content: html`${mainTable(report)}
<p class="small muted">Latency is <code>http_req_duration</code>: from the request on the wire to the last byte of its answer, over all nodes, within 0.4 %.
${severalProtocols(requests) && OTHER_PROTOCOLS}Apdex takes an answer within ${formatDuration(report.apdexMs)} for satisfying, and a failed request for a frustrating one.</p>
${requests.length > 1 && html`<h3>Slowest requests</h3>${slowestTable(requests)}`}
<h3>Percentiles</h3>
${percentileTable(report.series, requests)}`,
  };
}

function mainTable(report: RunReport): Html {
  const { total, requests } = report.summary;
  const spoken = severalProtocols(requests);
  const names = [...requests].sort((a, b) => b.ok + b.ko - a.ok - a.ko);
  const rows = [
    ...(requests.length > 1 || spoken ? names.flatMap((row) => rowsOf(report, row, row.name, spoken)) : []),
    ...rowsOf(report, total, undefined, spoken),
  ];
  const columns = [{ title: 'Name' }, ...(spoken ? [{ title: 'Protocol' }] : []), ...FIGURES];
  return table({ caption: 'Requests by name, and each in the phases of the run', columns, rows });
}

const FIGURES: readonly Column[] = ['OK', 'KO', 'Rate', 'Mean', 'p50', 'p90', 'p95', 'p99', 'Max', 'Apdex'].map(
  (title) => ({ title, numeric: true }),
);

/** The row of a name (undefined: of all requests), and those of its phases. */
function rowsOf(
  { series, apdexMs }: RunReport,
  row: RequestRow,
  name: string | undefined,
  spoken: boolean,
): readonly Row[] {
  const { protocol } = row;
  const said = (text: string): readonly string[] => (spoken ? [text] : []);
  const tags = name === undefined ? {} : { name };
  const phases = Object.entries(row.phases);
  const split = phases.length < 2 ? [] : phases;
  return [
    {
      cells: [
        name ?? 'all requests',
        ...said(protocol ?? ''),
        ...figureCells(row, apdexOf(series, apdexMs, tags, protocol)),
      ],
      kind: name === undefined ? 'total' : undefined,
    },
    ...split.map(([phase, figures]): Row => {
      const apdex = apdexOf(series, apdexMs, { ...tags, phase }, protocol);
      return { cells: [phase, ...said(''), ...figureCells(figures, apdex)], kind: 'sub' };
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
  const spoken = severalProtocols(requests);
  const rows = REQUEST_METRICS.flatMap(({ protocol, duration }) =>
    [...groupBy(series, duration, 'name')].flatMap(([name, durations]) => {
      const cells = quantileCells(durations);
      return cells ? [{ cells: [name, ...(spoken ? [protocol] : []), ...cells] }] : [];
    }),
  );
  const titles = ['Min', ...QUANTILES.map((q) => `p${Number((100 * q).toFixed(2))}`), 'Max'];
  return table({
    caption: 'Latency of each request over the whole run',
    columns: [
      { title: 'Name' },
      ...(spoken ? [{ title: 'Protocol' }] : []),
      ...titles.map((title) => ({ title, numeric: true })),
    ],
    rows,
  });
}

function quantileCells(aggregate: Aggregate): readonly string[] | undefined {
  if (aggregate.kind !== 'trend' || aggregate.histogram.count === 0) return undefined;
  const { histogram } = aggregate;
  return [0, ...QUANTILES, 1].map((q) => formatMs(histogram.quantile(q) ?? Number.NaN));
}
