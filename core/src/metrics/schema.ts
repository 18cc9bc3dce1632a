/**
 * The names in the database: what writes points and what queries them share these. `docs/metrics.md` says what each means.
 * Numbers are always floats, so that no field ever changes its type.
 */

/** Measurements beside those of the metrics, which are called as the metric. */
export const MEASUREMENTS = {
  /** What happened when: annotations and, with `time_end`, regions. */
  events: 'events',
  /** One point for each run, at its start. */
  runs: 'runs',
  /** Figures over all nodes, merged exactly; at the start of the run, written after its verdict. */
  summary: 'run_summary',
  /** One point for each threshold, likewise. */
  thresholds: 'run_thresholds',
  /** The sidecar's own figures, every second. */
  agent: 'node_agent',
} as const;

/** The measurement with the coarse buckets of a trend. */
export function bucketMeasurement(metric: string): string {
  return `${metric}_bucket`;
}

export const TAGS = {
  run: 'run',
  node: 'node',
  scenario: 'scenario',
  /** Name of a request. */
  name: 'name',
  method: 'method',
  status: 'status',
  phase: 'phase',
  fault: 'fault',
  check: 'check',
  /** Class of a failure. */
  class: 'class',
  proxy: 'proxy',
  protocol: 'protocol',
  behavior: 'behavior',
  point: 'point',
  /** Number of a scenario process on its node, where it has several. */
  process: 'process',
  /** Upper bound of a bucket, one of `LE`. */
  le: 'le',
  /** Of an event, one of `EVENT_TYPES`. */
  type: 'type',
  /** Of a figure in `run_summary`, and of a threshold with its selector. */
  metric: 'metric',
  expression: 'expression',
  /** Name of the plan that a run ran. */
  plan: 'plan',
} as const;

/** Fields of a metric's points, by its kind; all of them floats. */
export const METRIC_FIELDS = {
  counter: ['sum'],
  rate: ['count', 'sum'],
  gauge: ['value', 'min', 'max'],
  set: ['count'],
  trend: ['count', 'sum', 'min', 'max', 'p50', 'p90', 'p95', 'p99'],
  bucket: ['count'],
} as const;

/** Fields of `events`; the first two are texts, `time_end` is epoch ms. */
export const EVENT_FIELDS = { title: 'title', text: 'text', timeEnd: 'time_end' } as const;

/** Values of the tag `type` of `events`. */
export const EVENT_TYPES = {
  runStart: 'run_start',
  runEnd: 'run_end',
  stage: 'stage',
  /** Somebody set the number of workers while the run went on. */
  scale: 'scale',
  faultOn: 'fault_on',
  faultOff: 'fault_off',
  /** The user stopped the run, or a threshold aborted it. */
  abort: 'abort',
  nodeStart: 'node_start',
  nodeEnd: 'node_end',
  nodeLost: 'node_lost',
} as const;

/** Fields of `runs`: `outcome` is a text, all others floats. The first five are there from the start of the run on. */
export const RUN_FIELDS = {
  startMs: 'start_ms',
  plannedMs: 'planned_ms',
  nodes: 'nodes',
  workers: 'workers',
  seed: 'seed',
  endMs: 'end_ms',
  durationMs: 'duration_ms',
  outcome: 'outcome',
  exitCode: 'exit_code',
  requests: 'requests',
  failed: 'failed',
  lostSamples: 'lost_samples',
} as const;

/** Fields of `run_summary`, floats: those of a metric's kind, and `mean`, `p999`, `rate` (per second), `ratio` (0-1). */
export const SUMMARY_FIELDS = {
  counter: ['sum', 'rate'],
  rate: ['count', 'sum', 'ratio'],
  gauge: ['value', 'min', 'max', 'mean'],
  set: ['count'],
  trend: ['count', 'sum', 'min', 'max', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'rate'],
} as const;

/** Fields of `run_thresholds`, floats: 1 when it held, and what was measured. */
export const THRESHOLD_FIELDS = { ok: 'ok', actual: 'actual' } as const;

/** Fields of `node_agent`, floats: totals since the node's start, but for `points_spooled`, `cpu` and `memory`. */
export const AGENT_FIELDS = {
  emitted: 'emitted',
  received: 'received',
  stored: 'stored',
  rejected: 'rejected',
  kernelDrops: 'kernel_drops',
  pointsWritten: 'points_written',
  pointsSpooled: 'points_spooled',
  pointsDropped: 'points_dropped',
  cpu: 'cpu',
  memory: 'memory',
} as const;

/** In `run_summary`: the row over all values of a tag. */
export const ALL = '(all)';

/** Upper bounds of the coarse buckets, in the unit of the metric: ten to the decade from 0.1 to 10,000 (ms: 10 s). */
export const HEAT_MAP_BOUNDS: readonly number[] = Array.from({ length: 51 }, (_, i) =>
  Number((10 ** (i / 10 - 1)).toPrecision(3)),
);

/** The values of the tag `le`, ascending: every bound, and what is beyond the last. */
export const LE: readonly string[] = [...HEAT_MAP_BOUNDS.map(String), '+Inf'];
