import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { ALL, ELAPSED_FIELD } from '@loads/core';
import { chosen, ofRun, variable } from '../influxql/filters.ts';
import { requestMeasurement } from '../influxql/measurements.ts';
import { mergedPercentile } from '../influxql/percentiles.ts';
import { type QueryBuilder, tableRows } from '../influxql/query.ts';
import { type SharedAxisSpec, sharedAxisPanel } from '../panels/shared-axis-panel.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { DASHBOARD_UIDS } from '../run-link.ts';
import { choiceVariable, dataSourceVariable, protocolVariable, runVariable, stepVariable } from '../variables.ts';
import { dashboard, type Panels } from './dashboard.ts';

type Side = 'run' | 'compared';

const SIDES: readonly Side[] = ['run', 'compared'];

/** What a column of the compared run is called; columns of one name could not be told apart. */
const named = (column: string, side: Side): string => (side === 'run' ? column : `${column} compared`);

/**
 * Two runs on one axis. InfluxQL cannot shift time, so the axis is not the clock but the field `elapsed`, which every
 * point carries: windows of the clock are drawn at the seconds since the start of their run.
 */
export function compareDashboard(): Dashboard {
  return dashboard({
    uid: DASHBOARD_UIDS.compare,
    title: 'Loads: compare',
    description: 'Two runs on one axis, from their starts. The time range does not matter here.',
    timed: false,
    variables: [
      dataSourceVariable(),
      runVariable(),
      runVariable('compared'),
      protocolVariable(),
      choiceVariable('scenario'),
      choiceVariable('node'),
      choiceVariable('phase'),
      stepVariable(),
    ],
    rows: [
      { title: 'Totals', panels: totals() },
      { title: 'Since the start', panels: curves() },
    ],
  });
}

function totals(): Panels {
  const columns = ['outcome', 'start_ms', 'duration_ms', 'nodes', 'workers', 'requests', 'failed', 'lost_samples'];
  const runs = columns.map((column) => `"${column}"`).join(', ');
  const figures = SIDES.map((side) => {
    const shown = ['rate', 'p50', 'p95', 'p99'].map((column) => `"${column}" AS "${named(column, side)}"`).join(', ');
    return tableRows(
      `SELECT ${shown} FROM "run_summary" WHERE ${ofRun(side)} AND "metric" =~ ${requestMeasurement('durations')} AND "phase" = '${ALL}' GROUP BY "name"`,
    );
  });
  return [
    tablePanel({
      title: 'The two runs',
      description: 'Verdict and totals. Known after the verdict.',
      unit: 'short',
      span: 24,
      height: 5,
      units: { start_ms: 'dateTimeAsIso', duration_ms: 'ms' },
      queries: [tableRows(`SELECT ${runs} FROM "runs" WHERE ${ofRun()} OR ${ofRun('compared')} GROUP BY "run"`)],
    }),
    tablePanel({
      title: 'Requests by name, merged exactly',
      description: 'Percentiles of the whole runs over all nodes, from their full histograms (error under 0.4 %).',
      unit: 'ms',
      span: 24,
      joinBy: 'name',
      units: { rate: 'reqps', 'rate compared': 'reqps' },
      queries: figures,
    }),
  ];
}

function curves(): Panels {
  const step = variable('step');
  const filter = (side: Side): string => `${ofRun(side)} AND ${chosen('scenario', 'node', 'phase')}`;
  const rate = (column: string, sum: string) => (side: Side) =>
    tableRows(
      `SELECT min("${ELAPSED_FIELD}") AS "${ELAPSED_FIELD}", ${sum} / ${step} AS "${named(column, side)}" FROM ${requestMeasurement('failed')} WHERE ${filter(side)} GROUP BY time(${step}s) fill(none)`,
    );
  const percentile = (percent: number) => (side: Side) =>
    tableRows(
      mergedPercentile({
        percent,
        over: 'all',
        where: filter(side),
        time: '',
        window: `time(${step}s)`,
        elapsed: true,
        as: named(`p${percent}`, side),
      }),
    );
  const merged =
    'Over all nodes, from the sum of their buckets: the upper bound of the bucket that the percentile is in (26 % wide).';
  return [
    both({
      title: 'Requests that went well',
      description: 'Per second, for each window of the run.',
      unit: 'reqps',
      span: 12,
      column: 'OK',
      query: rate('OK', '(sum("count") - sum("sum"))'),
    }),
    both({
      title: 'Requests that failed',
      description: 'Per second, for each window of the run.',
      unit: 'reqps',
      span: 12,
      column: 'KO',
      query: rate('KO', 'sum("sum")'),
    }),
    ...[50, 95, 99].map((percent) =>
      both({
        title: `p${percent}, all nodes merged`,
        description: merged,
        unit: 'ms',
        span: 8,
        column: `p${percent}`,
        query: percentile(percent),
      }),
    ),
  ];
}

type Both = Pick<SharedAxisSpec, 'title' | 'description' | 'unit' | 'span'> & {
  readonly column: string;
  readonly query: (side: Side) => QueryBuilder;
};

/** One line for each of the runs. */
function both({ column, query, ...spec }: Both): Panels[number] {
  const colors = { run: 'blue', compared: 'orange' };
  const lines = SIDES.map((side, i) => ({
    query: i,
    column: named(column, side),
    name: side === 'run' ? 'run' : 'compared run',
    color: colors[side],
  }));
  return sharedAxisPanel({ ...spec, queries: SIDES.map(query), lines });
}
