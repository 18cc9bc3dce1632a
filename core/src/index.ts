export { baselineJsonSchema, baselineText, readBaseline } from './comparison/baseline.ts';
export { compareRuns, TOLERATED } from './comparison/compare-runs.ts';
export { compareSides, type Side } from './comparison/compare-sides.ts';
export type {
  Change,
  Comparison,
  FaultComparison,
  FaultSide,
  FigureChange,
  FigureName,
  PartComparison,
  Tolerance,
} from './comparison/comparison.ts';
export {
  comparisonJsonSchema,
  comparisonSchema,
  trendJsonSchema,
  trendSchema,
} from './comparison/comparison-schema.ts';
export { figuresOf, type RunDescription } from './comparison/figures-of.ts';
export type { Part, PartFigures, RunBrief, RunFigures } from './comparison/run-figures.ts';
export { type Trend, type TrendPoint, trendOf } from './comparison/trend.ts';
export { ERRORS, type ErrorCode } from './errors/error-table.ts';
export { EXIT, type ExitCode } from './errors/exit-codes.ts';
export { LoadsError, type LoadsErrorOptions } from './errors/loads-error.ts';
export { type Bucket, Histogram } from './histogram/histogram.ts';
export type { HistogramJson } from './histogram/histogram-json.ts';
export { SampleWindow, type WeightedSample } from './histogram/sample-window.ts';
export type { InspectRequest } from './link/inspect-request.ts';
export {
  type ErrorGroup,
  messageReader,
  type ReportedError,
  type ScenarioMessage,
  type ScenarioReport,
  type SharedVariable,
  type SidecarMessage,
} from './link/messages.ts';
export { type RequestExample, type ResponseExample, requestExampleSchema } from './link/request-example.ts';
export { requestLines } from './link/request-lines.ts';
export {
  type ArrivalOptions,
  type ArrivalPacer,
  arrivalPacer,
  arrivalsOf,
  type Spacing,
} from './load/arrivals.ts';
export { firstWorkers, groupsOf, loadSlot, type NodeShare, nodeShare } from './load/groups.ts';
export { capacityOf, type LoadGroup, type LoadModel, type Pause, type Round } from './load/load-group.ts';
export type { LoadConfig, ScenarioConfig, StageConfig } from './load/load-schema.ts';
export type { Pace } from './load/pace.ts';
export { type PauseOptions, pauseAfter } from './load/pause.ts';
export { activeSpans, type Profile, peakOf, profileMs, type Span, type Stretch } from './load/profile.ts';
export { formatRate, parseRate } from './load/rate.ts';
export { type RowCursorOptions, type RowOrder, rowCursor } from './load/row-cursor.ts';
export {
  MOST_WORKERS,
  plannedWorkers,
  type ScaledPacerOptions,
  type Scaling,
  scalableGroup,
  scaledPacer,
  workerNumber,
  workersBefore,
} from './load/scale.ts';
export { numberOf, type Slot, shareOf, slotOf } from './load/slot.ts';
export { type Stage, stagesOf } from './load/stages.ts';
export { type WorkerPacer, type WorkerPacerOptions, workerPacer } from './load/worker-pacer.ts';
export { type MatrixPlan, matrixPlans } from './matrix/matrix-plans.ts';
export { type FaultCost, type MatrixRow, matrixRow, matrixVerdict } from './matrix/matrix-row.ts';
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
  CUMULATIVE_FIELDS,
  CUMULATIVE_METRICS,
  type CumulativeOver,
  cumulativeInstant,
  cumulativeMeasurement,
  cumulativePoints,
  cumulativeSeries,
  ELAPSED_FIELD,
} from './metrics/cumulative-points.ts';
export { type DataPoint, formatPoint } from './metrics/data-point.ts';
export { eventPoint, judgedEvents, plannedEvents, type RunEvent, scaleEvent } from './metrics/event-points.ts';
export type { MetricDefinition, MetricKind } from './metrics/metric-definition.ts';
export { metricPoints } from './metrics/metric-points.ts';
export { compareProtocols, REQUEST_METRICS, type RequestMetrics, requestMetricsOf } from './metrics/request-metrics.ts';
export { judgedRunPoint, type RunIdentity, runPoint, thresholdPoints } from './metrics/run-points.ts';
export {
  AGENT_FIELDS,
  ALL,
  bucketMeasurement,
  EVENT_FIELDS,
  EVENT_TYPES,
  HEAT_MAP_BOUNDS,
  LE,
  MEASUREMENTS,
  METRIC_FIELDS,
  RUN_FIELDS,
  SUMMARY_FIELDS,
  TAGS,
  THRESHOLD_FIELDS,
} from './metrics/schema.ts';
export {
  carries,
  groupBy,
  mergeSeries,
  type Series,
  type SeriesJson,
  SeriesMerge,
  select,
  seriesFromJson,
  seriesKey,
  seriesToJson,
  type Tags,
} from './metrics/series.ts';
export { type SummarySource, summaryPoints } from './metrics/summary-points.ts';
export { kindOf, METRICS, type StatsdType } from './metrics/vocabulary.ts';
export { HOST_METRICS, HOST_TAG, isOfHost } from './monitor/host-metrics.ts';
export { type HostSample, hostSampleSchema, MOST_PLUGIN_VALUES, PLUGIN_NAME } from './monitor/host-sample.ts';
export { type HostRates, ratesBetween } from './monitor/rates-between.ts';
export {
  BULKY_FILES,
  NODE_FILES,
  type NodeData,
  type NodeFailed,
  type NodeOrder,
  type NodePorts,
  type NodeReady,
  type NodeScale,
  type NodeStart,
  type NodeStop,
  type ProgramExit,
  type ScenarioCommand,
  type SidecarReady,
  SPOOL_FOLDER,
} from './node-folder/node-folder.ts';
export { formatAddress, parseAddress } from './plan/address.ts';
export {
  type ChaosConfig,
  type Config,
  configJsonSchema,
  configSchema,
  type DockerConfig,
  dockerSchema,
  type FaultCatalog,
  LAUNCHERS,
  type ProxyConfig,
} from './plan/config-schema.ts';
export { durationSchema, formatDuration, parseDuration } from './plan/duration.ts';
export { healthCheckPlan } from './plan/health-check.ts';
export { MOST_MONITORS, type MonitorPlan } from './plan/monitor-plan.ts';
export { addressOfUrl, type PlanContext, parsePlan } from './plan/parse-plan.ts';
export { didYouMean, formatPath, type Problem } from './plan/problem.ts';
export { type ProgramBrief, programEnvironment } from './plan/program-environment.ts';
export type { BackendTls, ProxyLimits, ProxySettings } from './plan/proxy-settings.ts';
export type { RemoteProxyPlan } from './plan/remote-proxy.ts';
export {
  type Address,
  type CommandCycle,
  deadlineOf,
  type InfluxPlan,
  LONGEST_RUN_MS,
  type PerWorker,
  type PluginPlan,
  type ProxyPlan,
  proxyVariable,
  type RunPlan,
  type ScenarioSource,
} from './plan/run-plan.ts';
export { segment } from './plan/segment.ts';
export { draw, randomSequence } from './random/draw.ts';
export { type FaultRecovery, recoveries } from './recovery/recovery.ts';
export { TOLERANCE } from './recovery/steady-state.ts';
export type { Effect, WindowRecovery } from './recovery/window-recovery.ts';
export { type Accounting, addAccounts, lostSamples, type PointAccounting } from './result/accounting.ts';
export { type FaultMark, type FaultSpan, mergeSpans, spanKey } from './result/fault-span.ts';
export { addLiveRequests, type LiveRequests, type LiveRequestTotals } from './result/live-requests.ts';
export { addLiveStates, type LiveState, type LiveTotals } from './result/live-state.ts';
export {
  type NodeClock,
  type NodeResult,
  type NodeResultJson,
  nodeResultFromJson,
  nodeResultToJson,
  RESULT_VERSION,
  type ScenarioEnd,
} from './result/node-result.ts';
export { endMeaning, endOfContainer, type ProcessEnd } from './result/process-end.ts';
export { digestOf, RunDigest } from './result/run-digest.ts';
export type { Phase, PhaseStamp } from './schedule/phase.ts';
export { type PhaseLookup, phaseLookup } from './schedule/phase-lookup.ts';
export { type PhaseSpan, phaseSpans } from './schedule/phase-spans.ts';
export { type PlannedWindow, plannedWindows } from './schedule/planned-windows.ts';
export {
  changesOf,
  entriesAt,
  type FaultSetting,
  type ScheduleEntry,
  type Scope,
  type Selector,
  type WeightedBehavior,
} from './schedule/schedule.ts';
export { type Condition, readCondition } from './search/condition.ts';
export { faultLadder, type Strength, variedEntry } from './search/fault-ladder.ts';
export { behindArrivals } from './sizing/behind.ts';
export { edgeConfidence, holdsConfidence } from './sizing/confidence.ts';
export {
  type FailureShare,
  failureShare,
  isHopeless,
  judgeTrial,
  type TrialSoFar,
  type TrialTerms,
  type TrialVerdict,
} from './sizing/judge-trial.ts';
export { type Ladder, type LadderUnit, ladderOf } from './sizing/ladder.ts';
export {
  edgeOf,
  type NextTrial,
  nextTrial,
  type Search,
  type SizingEdge,
  type SizingLimit,
  type TrialStage,
} from './sizing/next-trial.ts';
export type { SizingPlan } from './sizing/sizing-config.ts';
export { type LevelTally, type Trial, type TrialOutcome, tallyLevels } from './sizing/trial.ts';
export { formatLine, type StatsdLine } from './statsd/format-line.ts';
export { type TimingSeries, timingFormatter } from './statsd/format-timings.ts';
export { type DatagramSink, parseDatagram } from './statsd/parse-datagram.ts';
export { type ReadTags, rememberTags } from './statsd/read-tags.ts';
export type { StatsdSample } from './statsd/sample.ts';
export { requestDurations } from './summary/request-durations.ts';
export { type SummaryOptions, summarize } from './summary/summarize.ts';
export type {
  CheckRow,
  CommandExitRow,
  CustomRow,
  FailureRow,
  FaultRow,
  IterationRow,
  NodeRow,
  RequestFigures,
  RequestRow,
  ScheduleRow,
  StepRow,
  Summary,
} from './summary/summary.ts';
export { summaryJsonSchema, summarySchema } from './summary/summary-schema.ts';
export { type TrendStats, trendStats } from './summary/trend-stats.ts';
export { evaluate, measure, type RunSamples, type ThresholdResult } from './thresholds/evaluate.ts';
export { type NodeSeries, runSamples } from './thresholds/run-samples.ts';
export {
  AGGREGATIONS_OF,
  type Aggregation,
  type Measured,
  type Operator,
  parseThreshold,
  type Threshold,
} from './thresholds/threshold.ts';
export { type FaultWindow, mergeWindows } from './timeline/fault-window.ts';
export {
  type Latencies,
  latencyBuckets,
  latencyCount,
  latencyQuantile,
  mergeLatencies,
} from './timeline/latencies.ts';
export type { LoadTrack } from './timeline/load-track.ts';
export { offeredIn } from './timeline/offered.ts';
export { areWaits, protocolTracks } from './timeline/protocol-tracks.ts';
export { ALL_REQUESTS, emptyTimeline, mergeTimelines, OTHER_REQUESTS, type Timeline } from './timeline/timeline.ts';
export { TimelineRecorder } from './timeline/timeline-recorder.ts';
export { coarsened, mergeTracks, type Track } from './timeline/track.ts';
export { type Abort, abortMetrics, abortOf } from './verdict/abort.ts';
export { type NodeState, startSkew, VALIDITY_LIMITS, type Validity, validity, warnings } from './verdict/validity.ts';
export { type Evidence, type Outcome, type Verdict, verdict } from './verdict/verdict.ts';
