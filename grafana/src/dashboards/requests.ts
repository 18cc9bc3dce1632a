import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { ALL } from '@loads/core';
import { CHOSEN_REQUESTS, chosen, IN_RANGE, ofRun, perWindow, variable } from '../influxql/filters.ts';
import { type OfRequests, requestMeasurement } from '../influxql/measurements.ts';
import { mergedPercentile } from '../influxql/percentiles.ts';
import { tableRows, timeSeries } from '../influxql/query.ts';
import { heatMapPanel } from '../panels/heat-map-panel.ts';
import { latencyByPanel } from '../panels/latency-panels.ts';
import { okKoPanel, requestsByPanel } from '../panels/rate-panels.ts';
import { seriesPanel } from '../panels/series-panel.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { DASHBOARD_UIDS } from '../run-link.ts';
import { choiceVariable, dataSourceVariable, protocolVariable, runVariable } from '../variables.ts';
import { dashboard, type Panels } from './dashboard.ts';

/** The requests of a run by name; a name leads to itself alone. */
export function requestsDashboard(): Dashboard {
  return dashboard({
    uid: DASHBOARD_UIDS.requests,
    title: 'Loads: requests',
    description: 'The requests of a run by name. A click on a name shows it alone.',
    timed: true,
    variables: [
      dataSourceVariable(),
      runVariable(),
      protocolVariable(),
      choiceVariable('scenario'),
      choiceVariable('name'),
      choiceVariable('node'),
      choiceVariable('phase'),
    ],
    rows: [
      { title: 'By name', panels: tables() },
      {
        title: `Over time: ${variable('name')}`,
        panels: [
          okKoPanel(CHOSEN_REQUESTS, 12),
          latencyByPanel('name', 'p95 by name, all nodes merged', { over: 'names', where: CHOSEN_REQUESTS, span: 12 }),
          heatMapPanel(CHOSEN_REQUESTS, 24),
          requestsByPanel('status', 'Requests by status', CHOSEN_REQUESTS, 12),
          shares(),
        ],
      },
    ],
  });
}

function tables(): Panels {
  const names = {
    name: {
      title: 'Show this request alone',
      url: [
        `/d/${DASHBOARD_UIDS.requests}?\${__url_time_range}`,
        ...['datasource', 'run', 'protocol'].map((name) => `\${${name}:queryparam}`),
        `var-name=\${__value.raw:percentencode}`,
      ].join('&'),
    },
  };
  const counts = `SELECT sum("count") AS "requests", sum("sum") / sum("count") AS "failed" FROM ${requestMeasurement('failed')} WHERE ${CHOSEN_REQUESTS} AND ${IN_RANGE} GROUP BY "name"`;
  const percentiles = [50, 95, 99].map((percent) =>
    tableRows(mergedPercentile({ percent, over: 'names', where: CHOSEN_REQUESTS, by: ['name'] })),
  );
  const summed = (columns: string, of: OfRequests): string =>
    `SELECT ${columns} FROM "run_summary" WHERE ${ofRun()} AND "metric" =~ ${requestMeasurement(of)} AND ${chosen('name', 'phase')} AND "name" != '${ALL}' GROUP BY "name", "phase"`;
  return [
    tablePanel({
      title: 'Requests in the time range, all nodes merged',
      description:
        'While the run goes on, and for what is chosen above. Percentiles are the upper bounds of the buckets that they are in (26 % wide).',
      unit: 'ms',
      span: 24,
      joinBy: 'name',
      units: { requests: 'short', failed: 'percentunit' },
      links: names,
      queries: [tableRows(counts), ...percentiles],
    }),
    tablePanel({
      title: 'Requests of the whole run by phase, merged exactly',
      description:
        'From the full histograms of all nodes (error under 0.4 %), for each phase and for all. Known after the verdict.',
      unit: 'ms',
      span: 24,
      joinBy: 'all',
      units: { requests: 'short', rate: 'reqps', failed: 'percentunit' },
      links: names,
      queries: [
        tableRows(summed('"count" AS "requests", "rate", "p50", "p95", "p99", "max"', 'durations')),
        tableRows(summed('"ratio" AS "failed"', 'failed')),
      ],
    }),
  ];
}

function shares(): Panels[number] {
  const parts = { http_req_blocked: 'blocked', http_req_waiting: 'waiting', http_req_duration: 'whole request' };
  return seriesPanel({
    title: 'Where the time of HTTP goes',
    description:
      'Mean times, from sums and counts: before the request was on the wire (blocked), until the head of the answer (waiting), and until its last byte (whole request, without blocked).',
    unit: 'ms',
    span: 12,
    interval: '5s',
    queries: Object.entries(parts).map(([measurement, name]) =>
      timeSeries(
        `SELECT sum("sum") / sum("count") AS "${name}" FROM "${measurement}" WHERE ${CHOSEN_REQUESTS} AND ${IN_RANGE} ${perWindow()}`,
      ),
    ),
  });
}
