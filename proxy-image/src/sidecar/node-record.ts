import {
  Histogram,
  type LiveState,
  type NodeOrder,
  type NodeResult,
  type ScenarioEnd,
  type ScenarioReport,
  type Series,
  select,
} from '@loads/core';
import type { Agent } from '../agent/agent.ts';

/** How far the scenario process is. Instants are epoch ms. */
export type ScenarioState = {
  readonly end: ScenarioEnd;
  readonly startedAtMs: number | undefined;
  readonly nowMs: number;
  readonly report: ScenarioReport | undefined;
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
    startedAtMs: scenario.startedAtMs,
    endedAtMs: scenario.nowMs,
    interrupted: report?.interrupted ?? 0,
    errors: report?.errors ?? [],
    commandExit: report?.commandExit,
    accounting: {
      ...agent.counts,
      emitted: emitted === null ? null : emitted + agent.ownSamples,
      kernelDrops: await agent.kernelDrops(),
      points: agent.points,
    },
    series: agent.store.series,
  };
}

/** What the node says of itself while it runs. `window` is what came in since the last time. */
export function liveState(
  node: number,
  { store }: Agent,
  window: readonly Series[],
  activeFaults: readonly string[],
  atMs: number,
): LiveState {
  const { series } = store;
  const durations = select(window, 'http_req_duration');
  return {
    node,
    atMs,
    requests: sumOf(series, 'http_reqs'),
    failed: sumOf(series, 'http_req_failed'),
    iterations: sumOf(series, 'iterations'),
    iterationsFailed: sumOf(series, 'iteration_failed'),
    samples: store.counts.stored,
    faults: sumOf(series, 'faults'),
    activeFaults,
    durations: (durations?.kind === 'trend' ? durations.histogram : new Histogram()).toJSON(),
  };
}

function sumOf(series: readonly Series[], metric: string): number {
  const aggregate = select(series, metric);
  return aggregate?.kind === 'counter' || aggregate?.kind === 'rate' ? aggregate.sum : 0;
}
