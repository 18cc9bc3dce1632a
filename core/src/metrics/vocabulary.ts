import { HOST_METRICS } from '../monitor/host-metrics.ts';
import type { MetricDefinition, MetricKind } from './metric-definition.ts';
import { PROTOCOL_METRICS } from './protocol-metrics.ts';

/** The metrics that Loads itself emits, under k6's names where k6 has one. Any other name is a custom metric. */
export const METRICS: Readonly<Record<string, MetricDefinition>> = {
  http_reqs: { kind: 'counter', unit: '', doc: 'Requests that ended, in any way.' },
  http_req_duration: { kind: 'trend', unit: 'ms', doc: 'From the request on the wire to the last byte of its answer.' },
  http_req_waiting: {
    kind: 'trend',
    unit: 'ms',
    doc: 'From the end of the request on the wire to the head of its answer.',
  },
  http_req_sending: {
    kind: 'trend',
    unit: 'ms',
    doc: 'Writing a request, of those whose body the system did not take at once.',
  },
  http_req_receiving: { kind: 'trend', unit: 'ms', doc: 'From the head of an answer to its last byte.' },
  http_req_blocked: { kind: 'trend', unit: 'ms', doc: 'Before the request was on the wire: connecting and queueing.' },
  http_req_connecting: {
    kind: 'trend',
    unit: 'ms',
    doc: 'Name resolution and TCP handshake, of the requests that opened a connection.',
  },
  http_req_tls_handshaking: {
    kind: 'trend',
    unit: 'ms',
    doc: 'TLS handshake, of the requests that opened a connection.',
  },
  http_req_failed: {
    kind: 'rate',
    unit: 'ratio',
    doc: 'Share of the requests without an answer or with a status over 399.',
  },
  data_sent: { kind: 'counter', unit: 'bytes', doc: 'Bytes of the requests.' },
  data_received: { kind: 'counter', unit: 'bytes', doc: 'Bytes of the answers.' },
  iterations: { kind: 'counter', unit: '', doc: 'Iterations that ended, well or not.' },
  iteration_duration: { kind: 'trend', unit: 'ms', doc: 'From the begin of an iteration to its end.' },
  iteration_failed: { kind: 'rate', unit: 'ratio', doc: 'Share of the iterations that threw.' },
  iteration_planned_duration: {
    kind: 'trend',
    unit: 'ms',
    doc: 'From the planned begin of an iteration to its end, in an open model.',
  },
  dropped_iterations: {
    kind: 'counter',
    unit: '',
    doc: 'Planned iterations that could not begin, since all workers were busy.',
  },
  schedule_lag: {
    kind: 'trend',
    unit: 'ms',
    doc: 'How late an iteration began after its planned begin, in an open model.',
  },
  group_duration: { kind: 'trend', unit: 'ms', doc: 'From the begin of a step to its end.' },
  vus: { kind: 'gauge', unit: '', doc: 'Workers that are at work.' },
  checks: { kind: 'rate', unit: 'ratio', doc: 'Share of the checks that held.' },
  failures: {
    kind: 'counter',
    unit: '',
    doc: 'Failed requests and iterations, and errors outside of iterations, by class.',
  },
  command_exits: {
    kind: 'counter',
    unit: '',
    doc: 'Programs of a command that ended, by exit code (128 + n: by signal n).',
  },
  capped_names: {
    kind: 'counter',
    unit: '',
    doc: 'Requests whose name was beyond the limit of distinct names: they are in `(other)`.',
  },
  recovery_time: {
    kind: 'trend',
    unit: 'ms',
    doc: 'From the end of a fault until the run is as in its steady phase again; for thresholds, known at the end.',
  },
  detection_time: {
    kind: 'trend',
    unit: 'ms',
    doc: 'From the begin of a fault until the load shows it; for thresholds, known at the end.',
  },
  faults: { kind: 'counter', unit: '', doc: 'Faults that a proxy injected.' },
  loop_lag: { kind: 'trend', unit: 'ms', doc: 'How late the event loop of the scenario process was.' },
  node_cpu: { kind: 'gauge', unit: 'ratio', doc: 'CPU of the scenario process, 1 = one core.' },
  node_memory: { kind: 'gauge', unit: 'bytes', doc: 'Resident memory of the scenario process.' },
  ...PROTOCOL_METRICS,
  ...HOST_METRICS,
};

/** The statsd types on the wire, as far as they decide how an unknown metric is aggregated. */
export type StatsdType = 'c' | 'ms' | 'h' | 'd' | 'g' | 's';

const KIND_OF_TYPE: Readonly<Record<StatsdType, MetricKind>> = {
  c: 'counter',
  ms: 'trend',
  h: 'trend',
  d: 'trend',
  g: 'gauge',
  s: 'set',
};

/** The kind of a metric: by its name when it is one of ours, else by the statsd type that it came with. */
export function kindOf(metric: string, type: StatsdType): MetricKind {
  return METRICS[metric]?.kind ?? KIND_OF_TYPE[type];
}
