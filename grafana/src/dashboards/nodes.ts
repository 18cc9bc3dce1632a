import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { CHOSEN, CHOSEN_NODES, IN_RANGE, perWindow } from '../influxql/filters.ts';
import { tableRows, timeSeries } from '../influxql/query.ts';
import { latencyByPanel } from '../panels/latency-panels.ts';
import { requestsByPanel } from '../panels/rate-panels.ts';
import { type SeriesSpec, seriesPanel } from '../panels/series-panel.ts';
import { tablePanel } from '../panels/table-panel.ts';
import { DASHBOARD_UIDS } from '../run-link.ts';
import { choiceVariable, dataSourceVariable, protocolVariable, runVariable } from '../variables.ts';
import { dashboard, type Panels } from './dashboard.ts';

/** The generators: whether one was too busy to be believed, and where samples and points went. */
export function nodesDashboard(): Dashboard {
  return dashboard({
    uid: DASHBOARD_UIDS.nodes,
    title: 'Loads: nodes',
    description: 'The nodes of a run: whether they kept up, and whether all that they measured arrived.',
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
      { title: 'Health', panels: health() },
      { title: 'Accounts', panels: accounts() },
      {
        title: 'Requests',
        panels: [
          requestsByPanel('node', 'Requests by node', CHOSEN, 12),
          latencyByPanel('node', 'p95 by node', { over: 'all', where: CHOSEN, span: 12 }),
        ],
      },
    ],
  });
}

type NodePanel = Pick<SeriesSpec, 'title' | 'description' | 'unit' | 'span'> & {
  readonly column: string;
  readonly measurement: string;
};

/** One line for each node. */
function byNode({ column, measurement, ...spec }: NodePanel): Panels[number] {
  const query = `SELECT ${column} FROM "${measurement}" WHERE ${CHOSEN_NODES} AND ${IN_RANGE} ${perWindow('node')}`;
  return seriesPanel({ ...spec, interval: '5s', queries: [timeSeries(query, 'node $tag_node')] });
}

function health(): Panels {
  return [
    byNode({
      title: 'CPU of the scenario process',
      description: 'Highest of its processes in each window; 100 % is one core. A node at its limit measures itself.',
      unit: 'percentunit',
      span: 8,
      column: 'max("max")',
      measurement: 'node_cpu',
    }),
    byNode({
      title: 'Event loop lag, longest',
      description: 'How late the event loop of the scenario process was at most. A late loop adds to every latency.',
      unit: 'ms',
      span: 8,
      column: 'max("max")',
      measurement: 'loop_lag',
    }),
    byNode({
      title: 'Schedule lag, longest',
      description: 'How late an iteration began at most, against its planned start.',
      unit: 'ms',
      span: 8,
      column: 'max("max")',
      measurement: 'schedule_lag',
    }),
    byNode({
      title: 'Memory of the scenario process',
      description: 'Resident memory: highest of its processes in each window.',
      unit: 'bytes',
      span: 8,
      column: 'max("max")',
      measurement: 'node_memory',
    }),
    byNode({
      title: 'CPU of the sidecar',
      description: 'Highest in each window; 100 % is one core. Proxy and agent together.',
      unit: 'percentunit',
      span: 8,
      column: 'max("cpu")',
      measurement: 'node_agent',
    }),
    byNode({
      title: 'Memory of the sidecar',
      description: 'Resident memory.',
      unit: 'bytes',
      span: 8,
      column: 'max("memory")',
      measurement: 'node_agent',
    }),
  ];
}

const ACCOUNTS = [
  'emitted',
  'received',
  'stored',
  'rejected',
  'kernel_drops',
  'points_written',
  'points_spooled',
  'points_dropped',
] as const;

function accounts(): Panels {
  const columns = ACCOUNTS.map((field) => `last("${field}") AS "${field}"`).join(', ');
  return [
    tablePanel({
      title: 'Accounts of each node',
      description:
        'Samples that the scenario emitted (known at its end), and that the agent received, stored and rejected; datagrams that the kernel dropped; points in the database, on disk, and lost. Emitted, received and stored have to be the same.',
      unit: 'short',
      span: 24,
      height: 6,
      queries: [tableRows(`SELECT ${columns} FROM "node_agent" WHERE ${CHOSEN_NODES} GROUP BY "node"`)],
    }),
    byNode({
      title: 'Samples received',
      description: 'Samples per second that the agent took from the scenario and the proxies.',
      unit: 'ops',
      span: 8,
      column: 'non_negative_derivative(max("received"), 1s)',
      measurement: 'node_agent',
    }),
    byNode({
      title: 'Samples stored',
      description: 'Samples per second that are in a series; the rest was rejected.',
      unit: 'ops',
      span: 8,
      column: 'non_negative_derivative(max("stored"), 1s)',
      measurement: 'node_agent',
    }),
    byNode({
      title: 'Points spooled',
      description: 'Points that wait on the disk of the node for the database. They come later, in order.',
      unit: 'short',
      span: 8,
      column: 'max("points_spooled")',
      measurement: 'node_agent',
    }),
  ];
}
