import { setTimeout as sleep } from 'node:timers/promises';
import {
  deadlineOf,
  type FaultWindow,
  NODE_FILES,
  type NodeOrder,
  nodeResultToJson,
  type ScenarioReport,
} from '@loads/core';
import type { Agent } from '../agent/agent.ts';
import type { NodeEvents } from '../agent/node-events.ts';
import type { ScenarioEnd as Scenario } from './foreign-program.ts';
import { type NodeFiles, unlessDiskFull } from './node-files.ts';
import type { NodeProxies } from './node-proxies.ts';
import { judgedSeries, liveState, nodeResult } from './node-record.ts';
import type { NodeTimeline } from './node-timeline.ts';
import type { RequestWatch } from './request-watch.ts';
import type { RunClock } from './run-clock.ts';
import type { RunControl } from './run-control.ts';

/** While the run goes on, a look for a stop is taken from the load. */
const STOP_POLL_MS = 200;
const CHECKPOINT_AFTER_FLUSHES = 5;
/** For the teardown and the last samples, after the deadline of the plan. */
const GRACE_MS = 30_000;
const SILENT_FLUSHES = 3;

type Running = {
  readonly agent: Agent;
  readonly control: RunControl;
  readonly events: NodeEvents;
  readonly proxies: NodeProxies;
  readonly requests: RequestWatch;
  readonly timeline: NodeTimeline;
  readonly windows: () => readonly FaultWindow[];
  readonly link: Scenario;
  readonly clock: RunClock;
  readonly flushMs: number;
};

/** Flushes, shows and checkpoints until the scenario is done; undefined when it was lost before it said so. */
export async function untilDone(
  order: NodeOrder,
  files: NodeFiles,
  { agent, control, events, proxies, requests, timeline, windows, link, clock, flushMs }: Running,
): Promise<ScenarioReport | undefined> {
  const deadlineMs = deadlineOf(order.plan) + GRACE_MS;
  const ended = Promise.race([link.done, link.closed.then(() => undefined)]).then((report) => ({ report }));
  let [received, silentFlushes] = [-1, 0];
  // What a scenario file measured comes at whole seconds, and belongs to the second before: it gets time to arrive.
  const arrivalMs = order.plan.scenario.kind === 'script' ? flushMs / 2 : 0;
  for (let flushes = 1; ; flushes++) {
    const nextFlushMs = (clock.startedAtMs ?? 0) + flushes * flushMs + arrivalMs;
    while (clock.now() < nextFlushMs) {
      const pause = sleep(Math.min(STOP_POLL_MS, Math.max(1, nextFlushMs - clock.now())));
      const end = await Promise.race([ended, pause]);
      if (end) return end.report;
      await control.heed();
    }
    const window = await agent.flush(events.take(clock.now()));
    timeline.add(window);
    const nowMs = clock.now();
    const live = liveState(order.node, agent, window, proxies.active, nowMs, requests.take(window, nowMs));
    // A full disk is no reason to end a run: what is not told now is in the result, for which room is made.
    await unlessDiskFull(() => files.write(NODE_FILES.live, { ...live, ...judgedSeries(order.plan, agent) }));
    if (flushes % CHECKPOINT_AFTER_FLUSHES === 0) {
      const state = {
        end: 'running' as const,
        startedAtMs: link.startedAtMs,
        nowMs: clock.now(),
        report: undefined,
        scalings: control.scalings,
        blocked: link.blocked,
        timeline: timeline.with(windows()),
      };
      const checkpoint = nodeResultToJson(await nodeResult(order, agent, state));
      await unlessDiskFull(() => files.writeCompressed(NODE_FILES.result, checkpoint, 1));
    }
    // What the sidecar itself records, such as of hosts, says nothing of the scenario.
    const fromScenario = agent.counts.received - agent.ownSamples;
    silentFlushes = fromScenario === received ? silentFlushes + 1 : 0;
    received = fromScenario;
    const elapsedMs = clock.elapsed() ?? 0;
    // A live process says something every second: one that is blocked, and silent at its end, will not end by itself.
    const hopeless = link.blocked.length > 0 && silentFlushes >= SILENT_FLUSHES && elapsedMs > deadlineOf(order.plan);
    if (hopeless || elapsedMs > deadlineMs) return undefined;
  }
}
