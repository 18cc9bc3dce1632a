import { EXIT } from '../errors/exit-codes.ts';
import type { ErrorGroup } from '../link/messages.ts';
import type { Aggregate } from '../metrics/aggregate.ts';
import { groupBy, type Series, select, seriesKey } from '../metrics/series.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { recoveries } from '../recovery/recovery.ts';
import { recoveryObstacle, recoverySeries } from '../recovery/recovery-samples.ts';
import { addAccounts, lostOverall } from '../result/accounting.ts';
import { type FaultSpan, mergeSpans, spanKey } from '../result/fault-span.ts';
import type { NodeResult } from '../result/node-result.ts';
import { digestOf, RunDigest } from '../result/run-digest.ts';
import type { Phase } from '../schedule/phase.ts';
import { phaseSpans } from '../schedule/phase-spans.ts';
import { evaluate, measure, type RunSamples, type ThresholdResult } from '../thresholds/evaluate.ts';
import { runSamples } from '../thresholds/run-samples.ts';
import type { Abort } from '../verdict/abort.ts';
import { idleRun } from '../verdict/idle-run.ts';
import { type NodeState, startSkew, validity, warnings } from '../verdict/validity.ts';
import { outsideText, verdict } from '../verdict/verdict.ts';
import { cappedNames } from './capped-names.ts';
import { customRows } from './custom-rows.ts';
import { requestRows, totalRow } from './request-rows.ts';
import type { CheckRow, CommandExitRow, FailureRow, FaultRow, IterationRow, NodeRow, Summary } from './summary.ts';
import { trendStats } from './trend-stats.ts';

export type SummaryOptions = {
  readonly run: string;
  readonly tolerateLostNodes: boolean;
  readonly stopped: boolean;
  readonly failAt?: number | undefined;
  /** The threshold that ended the run. */
  readonly aborted?: Abort | undefined;
};

const MOST_ERRORS = 20;
/** Classes of failures that belong to no iteration and no request. */
const OUTSIDE: ReadonlySet<string> = new Set(['uncaught', 'teardown']);

/**
 * Judges a run over all its nodes, and gathers every figure that its summary shows. Exact: histograms are merged. Many nodes are
 * better given as a digest, which was fed one by one.
 */
export function summarize(plan: RunPlan, all: readonly NodeState[] | RunDigest, options: SummaryOptions): Summary {
  const { nodes, series, timeline } = all instanceof RunDigest ? all : digestOf(plan, all);
  const results = nodes.flatMap(({ result }) => (result ? [result] : []));
  const { startedAtMs, durationMs } = timesOf(results);
  const phases = phaseDurations(plan, durationMs);
  const recovery = timeline && plan.schedule.length > 0 ? recoveries(plan, { series, timeline, durationMs }) : [];
  const judgedSeries = [...series, ...recoverySeries(recovery)];
  const samples: RunSamples = {
    ...runSamples(plan, { nodes: results, merged: judgedSeries, durationMs }),
    obstacle: (metric, tags) => recoveryObstacle(recovery, metric, tags),
  };
  const { aborted } = options;
  const thresholds = plan.thresholds.map((one) => heldTo(evaluate(one, samples), aborted));
  const stopped = options.stopped || aborted !== undefined;
  const { invalid, tolerated } = validity(plan, nodes, { ...options, stopped });
  const iterations = iterationRows(series);
  const failures = failureRows(series);
  const outside = failures.reduce((sum, { failure, count }) => sum + (OUTSIDE.has(failure) ? count : 0), 0);
  const failedIterations = iterations.reduce((sum, row) => sum + row.failed, 0);
  const interrupted = results.reduce((sum, result) => sum + result.interrupted, 0);
  const schedule = scheduleOf(series);
  const setupFailed = [...new Set(results.flatMap((result) => result.setupFailed ?? []))];
  const ended = iterations.reduce((sum, { ok, failed }) => sum + ok + failed, 0);
  const idle = stopped ? [] : idleRun(plan, { ended, interrupted, dropped: schedule.schedule?.dropped ?? 0 });
  const judged = verdict({
    thresholds,
    // Where there is another reason, that one says why nothing was done.
    invalid: invalid.length > 0 || setupFailed.length > 0 ? invalid : idle,
    setupFailed,
    failedIterations,
    outside,
    failAt: options.failAt,
    stopped: options.stopped,
    aborted,
  });
  // Where they have failed the run, they are among the reasons.
  const noted = outside > 0 && judged.exitCode !== EXIT.scenarioFailed ? [outsideText(outside)] : [];
  const warned = [...warnings(plan, nodes), ...cappedNames(series), ...noted];
  const accounts = results.map((result) => result.accounting);
  return {
    version: 1,
    run: options.run,
    name: plan.name,
    ...judged,
    tolerated,
    ...(warned.length > 0 && { warnings: warned }),
    ...(aborted && { aborted }),
    startedAtMs,
    durationMs,
    nodes: plan.nodes,
    workers: plan.workers,
    ...scalingsOf(results),
    seed: plan.seed,
    total: totalRow({ series, durationMs, phases }),
    requests: requestRows({ series, durationMs, phases }),
    iterations,
    interrupted,
    ...(plan.scenario.kind === 'command' && { commandExits: commandExitRows(series) }),
    ...schedule,
    ...stepsOf(series),
    checks: checkRows(series),
    failures,
    errors: mergeErrors(results.flatMap((result) => result.errors)),
    thresholds,
    faults: faultRows(series, mergeSpans(results.flatMap((result) => result.faults ?? []))),
    ...(recovery.length > 0 && { recovery }),
    custom: customRows(series, durationMs),
    accounting: addAccounts(accounts),
    lost: lostOverall(accounts) ?? null,
    startSkewMs: startSkew(results),
    nodeRows: nodes.map((node) => nodeRow(node, startedAtMs)),
  };
}

/** What ended the run does not hold, even if it does again when all nodes have ended. */
function heldTo(result: ThresholdResult, aborted: Abort | undefined): ThresholdResult {
  const { metric, expression } = result;
  return aborted && aborted.metric === metric && aborted.expression === expression ? { ...result, ok: false } : result;
}

function timesOf(results: readonly NodeResult[]): { startedAtMs: number | undefined; durationMs: number } {
  const started = results.filter(({ startedAtMs }) => startedAtMs !== undefined);
  if (started.length === 0) return { startedAtMs: undefined, durationMs: 0 };
  const startedAtMs = Math.min(...started.map((one) => one.startedAtMs ?? Number.POSITIVE_INFINITY));
  return { startedAtMs, durationMs: Math.max(0, ...started.map((one) => one.endedAtMs - startedAtMs)) };
}

/** As the first node took them: the others did so within a moment. */
function scalingsOf(results: readonly NodeResult[]): Pick<Summary, 'scalings'> {
  const scalings = results.find((result) => result.scalings !== undefined)?.scalings;
  return scalings ? { scalings } : {};
}

function phaseDurations(plan: RunPlan, durationMs: number): Partial<Record<Phase, number>> {
  const durations: Partial<Record<Phase, number>> = {};
  for (const { phase, fromMs, toMs } of phaseSpans(plan.schedule, plan.recoveryMs, durationMs)) {
    durations[phase] = (durations[phase] ?? 0) + toMs - fromMs;
  }
  return durations;
}

function iterationRows(series: readonly Series[]): readonly IterationRow[] {
  return [...groupBy(series, 'iteration_failed', 'scenario')].map(([scenario, aggregate]) => ({
    scenario,
    ...okAndFailed(aggregate),
    duration: trendStats(select(series, 'iteration_duration', { scenario })),
  }));
}

/** Only of a run that had planned arrivals. */
function scheduleOf(series: readonly Series[]): Pick<Summary, 'schedule'> {
  const lag = trendStats(select(series, 'schedule_lag'));
  const dropped = select(series, 'dropped_iterations');
  if (!lag && !dropped) return {};
  const fromStart = trendStats(select(series, 'iteration_duration'));
  const fromPlan = trendStats(select(series, 'iteration_planned_duration'));
  return { schedule: { dropped: dropped?.kind === 'counter' ? dropped.sum : 0, lag, fromStart, fromPlan } };
}

/** Only of a run that had steps. */
function stepsOf(series: readonly Series[]): Pick<Summary, 'steps'> {
  const scenarios = [...groupBy(series, 'group_duration', 'scenario').keys()];
  const steps = scenarios.flatMap((scenario) =>
    [...groupBy(series, 'group_duration', 'group', { scenario })].map(([name, aggregate]) => {
      return { scenario, name, duration: trendStats(aggregate) };
    }),
  );
  return steps.length === 0 ? {} : { steps };
}

/** `iteration_failed` counts failures as ones. */
function okAndFailed(aggregate: Aggregate): { ok: number; failed: number } {
  return aggregate.kind === 'rate'
    ? { ok: aggregate.count - aggregate.sum, failed: aggregate.sum }
    : { ok: 0, failed: 0 };
}

/** `checks` counts successes as ones. */
function checkRows(series: readonly Series[]): readonly CheckRow[] {
  return [...groupBy(series, 'checks', 'check')].map(([name, aggregate]) => {
    const { ok: failed, failed: ok } = okAndFailed(aggregate);
    return { name, ok, failed };
  });
}

function commandExitRows(series: readonly Series[]): readonly CommandExitRow[] {
  return [...groupBy(series, 'command_exits', 'code')]
    .map(([code, aggregate]) => ({ code: Number(code), count: measure(aggregate, { name: 'count' }, 1) ?? 0 }))
    .sort((a, b) => b.count - a.count);
}

function failureRows(series: readonly Series[]): readonly FailureRow[] {
  return [...groupBy(series, 'failures', 'class')]
    .map(([failure, aggregate]) => ({ failure, count: measure(aggregate, { name: 'count' }, 1) ?? 0 }))
    .sort((a, b) => b.count - a.count);
}

/** One row for each behavior of each fault, whatever else the faults tell of themselves. */
function faultRows(series: readonly Series[], spans: readonly FaultSpan[]): readonly FaultRow[] {
  const spanOf = new Map(spans.map((span) => [spanKey(span), span]));
  const rows = new Map<string, FaultRow>();
  for (const { metric, tags, aggregate } of series) {
    if (metric !== 'faults') continue;
    const { fault = '', proxy = '', protocol = '', behavior = '' } = tags;
    const key = seriesKey(proxy, { fault, behavior, protocol });
    const count = (rows.get(key)?.count ?? 0) + (measure(aggregate, { name: 'count' }, 1) ?? 0);
    const { first, last } = spanOf.get(spanKey({ fault, proxy, behavior })) ?? {};
    rows.set(key, { fault, proxy, protocol, behavior, count, first, last });
  }
  return [...rows.values()].sort(
    (a, b) => a.proxy.localeCompare(b.proxy) || a.fault.localeCompare(b.fault) || a.behavior.localeCompare(b.behavior),
  );
}

function mergeErrors(groups: readonly ErrorGroup[]): readonly ErrorGroup[] {
  const merged = new Map<string, ErrorGroup>();
  for (const group of groups) {
    const key = JSON.stringify([group.scenario, group.failure, group.message]);
    const known = merged.get(key);
    merged.set(key, known ? { ...known, count: known.count + group.count } : group);
  }
  return [...merged.values()]
    .sort((a, b) => b.count - a.count || a.message.localeCompare(b.message))
    .slice(0, MOST_ERRORS);
}

function nodeRow({ node, result, lost }: NodeState, firstStartMs: number | undefined): NodeRow {
  const cpu = result && select(result.series, 'node_cpu');
  const lag = result && select(result.series, 'loop_lag');
  const memory = result && select(result.series, 'node_memory');
  return {
    node,
    state: lost === undefined ? 'done' : 'lost',
    lost,
    startSkewMs:
      firstStartMs === undefined || result?.startedAtMs === undefined ? undefined : result.startedAtMs - firstStartMs,
    cpu: cpu && measure(cpu, { name: 'avg' }, 1),
    loopLagP99Ms: lag && measure(lag, { name: 'p', percentile: 99 }, 1),
    memoryBytes: memory && measure(memory, { name: 'max' }, 1),
    accounting: result?.accounting,
    commandExit: result?.commandExit,
  };
}
