import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { ALL } from '@loads/core';
import { CHOSEN, CHOSEN_NODES, IN_RANGE, ofRun, perSecond, perWindow } from '../influxql/filters.ts';
import { requestMeasurement } from '../influxql/measurements.ts';
import { tableRows, timeSeries } from '../influxql/query.ts';
import { heatMapPanel } from '../panels/heat-map-panel.ts';
import { mergedLatencyPanel, worstNodeLatencyPanel } from '../panels/latency-panels.ts';
import { okKoPanel } from '../panels/rate-panels.ts';
import { seriesPanel } from '../panels/series-panel.ts';
import { statPanel } from '../panels/stat-panel.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { DASHBOARD_UIDS } from '../run-link.ts';
import { choiceVariable, dataSourceVariable, protocolVariable, runVariable } from '../variables.ts';
import { dashboard, type Panels } from './dashboard.ts';

const OUTCOMES = { passed: 'green', failed: 'red', invalid: 'purple', stopped: 'orange' };

/** One run: what was offered, what came of it, how long it took, and which faults were on. */
export function runDashboard(): Dashboard {
  return dashboard({
    uid: DASHBOARD_UIDS.run,
    title: 'Loads: run',
    description: 'One run over all its nodes, with its faults.',
    timed: true,
    variables: [
      dataSourceVariable(),
      runVariable(),
      protocolVariable(),
      choiceVariable('scenario'),
      choiceVariable('node'),
      choiceVariable('phase'),
    ],
    rows: [
      { title: 'Verdict', panels: verdictPanels() },
      { title: 'Load', panels: loadPanels() },
      {
        title: 'Latency',
        panels: [mergedLatencyPanel(CHOSEN, 12), worstNodeLatencyPanel(CHOSEN, 12), heatMapPanel(CHOSEN, 24)],
      },
      { title: 'Errors and faults', panels: errorPanels() },
    ],
  });
}

function verdictPanels(): Panels {
  const whole = `${ofRun()} AND "metric" =~ ${requestMeasurement('durations')} AND "phase" = '${ALL}' AND "name" = '${ALL}'`;
  return [
    statPanel({
      title: 'Verdict',
      description: 'What the whole run was judged to be. Empty until somebody has merged the nodes.',
      unit: 'string',
      span: 4,
      words: OUTCOMES,
      queries: [tableRows(`SELECT "outcome" FROM "runs" WHERE ${ofRun()}`)],
    }),
    statPanel({
      title: 'Latency of the whole run, merged exactly',
      description:
        'Percentiles of all requests of the chosen protocol on all nodes, from their full histograms (error under 0.4 %), whatever is chosen above. Known after the verdict.',
      unit: 'ms',
      span: 10,
      queries: [tableRows(`SELECT "p50", "p95", "p99" FROM "run_summary" WHERE ${whole}`)],
    }),
    statPanel({
      title: 'Requests of the whole run',
      description: 'All requests of all protocols and nodes, and those that failed. Known after the verdict.',
      unit: 'short',
      span: 6,
      queries: [tableRows(`SELECT "requests", "failed" FROM "runs" WHERE ${ofRun()}`)],
    }),
    statPanel({
      title: 'Samples lost',
      description: 'What was measured and did not arrive. -1: the accounts do not add up, and the run is invalid.',
      unit: 'short',
      span: 4,
      badFrom: 1,
      queries: [tableRows(`SELECT "lost_samples" FROM "runs" WHERE ${ofRun()}`)],
    }),
    tablePanel({
      title: 'Thresholds',
      description: 'What had to hold, whether it did (1 or 0), and what was measured, in the unit of the metric.',
      unit: 'none',
      span: 24,
      height: 5,
      queries: [
        tableRows(`SELECT "ok", "actual" FROM "run_thresholds" WHERE ${ofRun()} GROUP BY "metric", "expression"`),
      ],
    }),
  ];
}

function loadPanels(): Panels {
  const iterations = (measurement: string, name: string): string =>
    `SELECT ${perSecond('sum("sum")')} AS "${name}" FROM "${measurement}" WHERE ${CHOSEN} AND ${IN_RANGE} ${perWindow()}`;
  const workers = `SELECT last("value") AS "workers" FROM "vus" WHERE ${CHOSEN_NODES} AND ${IN_RANGE} ${perWindow('node', 'process')}`;
  return [
    okKoPanel(CHOSEN, 10),
    seriesPanel({
      title: 'Iterations, offered against achieved',
      description:
        'Iterations per second that ended, and on top of them those that were due but could not be begun. The upper edge is what was offered; with a fixed number of workers nothing is dropped, and both are the same.',
      unit: 'ops',
      span: 8,
      interval: '5s',
      stacked: true,
      colors: { achieved: 'green', dropped: 'red' },
      queries: [
        timeSeries(iterations('iterations', 'achieved')),
        timeSeries(iterations('dropped_iterations', 'dropped')),
      ],
    }),
    seriesPanel({
      title: 'Workers',
      description: 'Workers that are at work on all nodes together.',
      unit: 'short',
      span: 6,
      interval: '5s',
      queries: [timeSeries(`SELECT sum("workers") AS "workers" FROM (${workers}) WHERE ${IN_RANGE} ${perWindow()}`)],
    }),
  ];
}

function errorPanels(): Panels {
  const failures = `SELECT ${perSecond('sum("sum")')} FROM "failures" WHERE ${CHOSEN} AND ${IN_RANGE} ${perWindow('class')}`;
  const faults = `SELECT ${perSecond('sum("sum")')} FROM "faults" WHERE ${ofRun()} AND ${IN_RANGE} ${perWindow('fault', 'behavior')}`;
  return [
    seriesPanel({
      title: 'Failures by class',
      description:
        'Failed requests and iterations per second, by what went wrong: status, timeout, reset, assertion and others.',
      unit: 'ops',
      span: 12,
      interval: '5s',
      stacked: true,
      queries: [timeSeries(failures, '$tag_class')],
    }),
    seriesPanel({
      title: 'Faults injected',
      description: 'Faults per second that the proxies really injected, by entry of the schedule and behavior.',
      unit: 'ops',
      span: 12,
      interval: '5s',
      stacked: true,
      queries: [timeSeries(faults, '$tag_fault $tag_behavior')],
    }),
  ];
}
