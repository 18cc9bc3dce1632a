export { ERRORS, type ErrorCode } from './errors/error-table.ts';
export { EXIT, type ExitCode } from './errors/exit-codes.ts';
export { LoadsError, type LoadsErrorOptions } from './errors/loads-error.ts';
export { type Bucket, Histogram } from './histogram/histogram.ts';
export type { HistogramJson } from './histogram/histogram-json.ts';
export { SampleWindow, type WeightedSample } from './histogram/sample-window.ts';
export {
  type ErrorGroup,
  messageReader,
  type ReportedError,
  type ScenarioMessage,
  type ScenarioReport,
  type SidecarMessage,
} from './link/messages.ts';
export {
  type Aggregate,
  type AggregateJson,
  aggregateFromJson,
  aggregateToJson,
  emptyAggregate,
  mergeInto,
  type Observation,
  observe,
} from './metrics/aggregate.ts';
export {
  carries,
  groupBy,
  mergeSeries,
  type Series,
  type SeriesJson,
  select,
  seriesKey,
  type Tags,
} from './metrics/series.ts';
export { kindOf, METRICS, type MetricDefinition, type MetricKind, type StatsdType } from './metrics/vocabulary.ts';
export {
  NODE_FILES,
  type NodeFailed,
  type NodeOrder,
  type NodeReady,
  type NodeStart,
  type NodeStop,
  type SidecarReady,
} from './node-folder/node-folder.ts';
export { formatAddress, parseAddress } from './plan/address.ts';
export {
  type ChaosConfig,
  type Config,
  configJsonSchema,
  configSchema,
  type FaultCatalog,
  type ProxyConfig,
} from './plan/config-schema.ts';
export { durationSchema, formatDuration, parseDuration } from './plan/duration.ts';
export { constantWorkers, type Pace, type Pacer } from './plan/pacer.ts';
export { addressOfUrl, type PlanContext, parsePlan } from './plan/parse-plan.ts';
export { didYouMean, formatPath, type Problem } from './plan/problem.ts';
export {
  type Address,
  deadlineOf,
  type InfluxPlan,
  LONGEST_RUN_MS,
  type ProxyPlan,
  proxyVariable,
  type RunPlan,
  type ScenarioSource,
} from './plan/run-plan.ts';
export { segment } from './plan/segment.ts';
export { draw, randomSequence } from './random/draw.ts';
export { type Accounting, addAccounts, lostSamples, type PointAccounting } from './result/accounting.ts';
export { addLiveStates, type LiveState, type LiveTotals } from './result/live-state.ts';
export {
  type NodeResult,
  type NodeResultJson,
  nodeResultFromJson,
  nodeResultToJson,
  RESULT_VERSION,
  type ScenarioEnd,
} from './result/node-result.ts';
export { type Phase, type PhaseStamp, phaseOf } from './schedule/phase.ts';
export { type PhaseSpan, phaseSpans } from './schedule/phase-spans.ts';
export { changesOf, entriesAt, type ScheduleEntry, type WeightedBehavior } from './schedule/schedule.ts';
export { formatLine, type StatsdLine } from './statsd/format-line.ts';
export { type TimingSeries, timingFormatter } from './statsd/format-timings.ts';
export { type DatagramSink, parseDatagram } from './statsd/parse-datagram.ts';
export type { StatsdSample } from './statsd/sample.ts';
export { type SummaryOptions, summarize } from './summary/summarize.ts';
export type {
  CheckRow,
  CustomRow,
  FailureRow,
  FaultRow,
  IterationRow,
  NodeRow,
  RequestFigures,
  RequestRow,
  Summary,
} from './summary/summary.ts';
export { summaryJsonSchema, summarySchema } from './summary/summary-schema.ts';
export { type TrendStats, trendStats } from './summary/trend-stats.ts';
export { evaluate, measure, type ThresholdResult } from './thresholds/evaluate.ts';
export {
  AGGREGATIONS_OF,
  type Aggregation,
  type Operator,
  parseThreshold,
  type Threshold,
} from './thresholds/threshold.ts';
export { type NodeState, startSkew, VALIDITY_LIMITS, type Validity, validity } from './verdict/validity.ts';
export { type Evidence, type Outcome, type Verdict, verdict } from './verdict/verdict.ts';
