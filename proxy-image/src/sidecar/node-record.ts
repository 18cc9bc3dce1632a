import {
  abortMetrics,
  type ErrorGroup,
  type FaultSpan,
  groupBy,
  Histogram,
  type LiveRequests,
  type LiveState,
  type NodeClock,
  type NodeOrder,
  type NodeResult,
  type ProcessEnd,
  REQUEST_METRICS,
  type RequestMetrics,
  type RunPlan,
  type Scaling,
  type ScenarioEnd,
  type ScenarioReport,
  type Series,
  select,
  seriesToJson,
  type Timeline,
} from '@loads/core';
import type { Agent } from '../agent/agent.ts';

/** How far the scenario process is. Instants are epoch ms. */
export type ScenarioState = {
  readonly end: ScenarioEnd;
  readonly startedAtMs: number | undefined;
  /** How long after the instant that all nodes were given, ms. */
  readonly startLateMs?: number | undefined;
  readonly nowMs: number;
  readonly report: ScenarioReport | undefined;
  /** How the process ended that was lost. */
  readonly processEnd?: ProcessEnd | undefined;
  /** What kept an event loop of the scenario from turning. */
  readonly blocked?: readonly ErrorGroup[] | undefined;
  readonly faults?: readonly FaultSpan[] | undefined;
  /** How the number of workers was set. */
  readonly scalings?: readonly Scaling[] | undefined;
  /** What could not be done as the plan says. */
  readonly problems?: readonly string[] | undefined;
  readonly clock?: NodeClock | undefined;
  readonly timeline?: Timeline | undefined;
};

/** The node's result as it stands: a checkpoint while the scenario runs, final when it has ended. */
export async function nodeResult(order: NodeOrder, agent: Agent, scenario: ScenarioState): Promise<NodeResult> {
  const { report, end } = scenario;
  const emitted = report?.emitted ?? null;
  return {
    run: order.run,
    node: order.node,
    final: end !== 'running',
    scenario: end,
    processEnd: scenario.processEnd,
    startedAtMs: scenario.startedAtMs,
    startLateMs: scenario.startLateMs,
    endedAtMs: scenario.nowMs,
    interrupted: report?.interrupted ?? 0,
    errors: [...(scenario.blocked ?? []), ...(report?.errors ?? [])],
    setupFailed: report?.setupFailed,
    rowsUsedUp: report?.rowsUsedUp,
    commandExit: report?.commandExit,
    accounting: {
      ...agent.counts,
      emitted: emitted === null ? null : emitted + agent.ownSamples,
      kernelDrops: await agent.kernelDrops(),
      points: agent.points,
    },
    faults: scenario.faults,
    ...(scenario.scalings?.length ? { scalings: scenario.scalings } : {}),
    problems: scenario.problems,
    clock: scenario.clock,
    timeline: scenario.timeline,
    series: agent.store.series,
  };
}

/** What the node says of itself while it runs. `window` is what came in since the last time. */
export function liveState(
  node: number,
  { store, points }: Agent,
  window: readonly Series[],
  activeFaults: readonly string[],
  atMs: number,
  names?: readonly LiveRequests[] | undefined,
): LiveState {
  const { series } = store;
  const durations = new Histogram();
  for (const metrics of REQUEST_METRICS) {
    const recent = select(window, metrics.duration);
    if (recent?.kind === 'trend') durations.merge(recent.histogram);
  }
  const sumOfRequests = (pick: (one: RequestMetrics) => string): number =>
    REQUEST_METRICS.reduce((sum, one) => sum + sumOf(series, pick(one)), 0);
  return {
    node,
    atMs,
    requests: sumOfRequests(({ count }) => count),
    failed: sumOfRequests(({ failed }) => failed),
    iterations: sumOf(series, 'iterations'),
    iterationsFailed: sumOf(series, 'iteration_failed'),
    workers: workersOf(series),
    samples: store.counts.stored,
    faults: sumOf(series, 'faults'),
    activeFaults,
    storage: points?.problem,
    durations: durations.toJSON(),
    names,
    failures: Object.fromEntries(
      [...groupBy(series, 'failures', 'class')].map(([failure, aggregate]) => [
        failure,
        aggregate.kind === 'counter' ? aggregate.sum : 0,
      ]),
    ),
  };
}

/** What thresholds may end the run by, for who watches all nodes; nothing where none may. */
export function judgedSeries(plan: RunPlan, { store }: Agent): Pick<LiveState, 'series'> {
  const metrics = abortMetrics(plan);
  return metrics.size === 0 ? {} : { series: seriesToJson(store.series.filter(({ metric }) => metrics.has(metric))) };
}

function sumOf(series: readonly Series[], metric: string): number {
  const aggregate = select(series, metric);
  return aggregate?.kind === 'counter' || aggregate?.kind === 'rate' ? aggregate.sum : 0;
}

/** The gauges of all processes, added up. */
function workersOf(series: readonly Series[]): number {
  return series.reduce(
    (sum, { metric, aggregate }) => sum + (metric === 'vus' && aggregate.kind === 'gauge' ? aggregate.last : 0),
    0,
  );
}
