import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  deadlineOf,
  LoadsError,
  NODE_FILES,
  type NodeOrder,
  type NodeStart,
  type NodeStop,
  nodeResultToJson,
  type PhaseStamp,
  phaseOf,
  type ReportedError,
  type ScenarioEnd,
  type ScenarioReport,
  type SidecarMessage,
  type SidecarReady,
} from '@loads/core';
import { Agent } from '../agent/agent.ts';
import type { FaultEvent } from '../proxy/fault-event.ts';
import { Acknowledger } from './acknowledger.ts';
import { Link } from './link.ts';
import type { NodeFiles } from './node-files.ts';
import { NodeProxies } from './node-proxies.ts';
import { liveState, nodeResult } from './node-record.ts';
import { RunClock } from './run-clock.ts';

const POLL_MS = 20;
const CHECKPOINT_AFTER_FLUSHES = 5;
/** A node that nobody starts ends by itself. */
const LONGEST_WAIT_MS = 120_000;
/** For the teardown and the last samples, after the deadline of the plan. */
const GRACE_MS = 30_000;
const SETUP: PhaseStamp = { phase: 'setup', fault: '' };

/**
 * Runs one node's sidecar, from the order in the node's folder to the final result in it: opens the proxies, the agent
 * and the link, waits for the scenario process and for the start, keeps the schedule, and ends when the scenario has
 * ended. It needs nobody after the start. `signal` stops it early, as a stop that is not graceful. Every `flushMs` points
 * go to the database, and every fifth time the result so far is kept.
 */
export async function runSidecar(
  files: NodeFiles,
  signal: AbortSignal,
  { flushMs = 1000 }: { readonly flushMs?: number } = {},
): Promise<void> {
  const order = await files.read<NodeOrder>(NODE_FILES.order);
  if (!order) throw new LoadsError('ERR_FILE_MISSING', `there is no ${NODE_FILES.order} in ${files.dir}`);
  const { plan, node, run } = order;
  const clock = new RunClock();

  await using link = await Link.open();
  await using acks = new Acknowledger((lines) => link.send({ type: 'ack', lines }));
  await using agent = await Agent.open({
    now: () => clock.now(),
    stamp: (atMs) => {
      const elapsed = clock.elapsed(atMs);
      return elapsed === undefined ? SETUP : phaseOf(plan.schedule, plan.recoveryMs, elapsed);
    },
    onLines: (lines) => acks.arrived(lines),
    tags: { run, node: String(node) },
    influx: plan.influx && { plan: plan.influx, spoolDir: join(files.dir, 'spool') },
  });
  const onFault = (fault: FaultEvent): void => agent.record(faultLine(fault));
  await using proxies = await NodeProxies.open({ plan, node, clock, onFault });
  const hello: SidecarMessage = { type: 'plan', run, node, plan, statsd: agent.address, proxies: proxies.addresses };
  link.greet(hello);

  const here: SidecarReady = { pid: process.pid, link: link.address };
  await files.write(NODE_FILES.sidecar, here);

  const start = await waitForStart(files, link, signal);
  if (!start) return;
  clock.start(start.atMs);
  link.send({ type: 'start', atMs: start.atMs, setup: start.setup });
  await sleep(Math.max(0, start.atMs - clock.now()));
  proxies.follow();

  const report = await untilDone(order, files, { agent, proxies, link, clock, signal, flushMs });
  const endedAtMs = clock.now();
  proxies.heal();
  await agent.finish();
  const end: ScenarioEnd = report ? 'done' : 'lost';
  const startedAtMs = link.startedAtMs ?? start.atMs;
  const keepResult = async (): Promise<void> => {
    const result = await nodeResult(order, agent, { end, startedAtMs, nowMs: endedAtMs, report });
    await files.writeCompressed(NODE_FILES.result, nodeResultToJson(result));
  };
  // The result must not hang on the database, which may take its time; only the count of its points does.
  await keepResult();
  await agent.drain();
  await keepResult();
}

/** Waits until the scenario process is ready and the start is given; undefined when it will not be. */
async function waitForStart(files: NodeFiles, link: Link, signal: AbortSignal): Promise<NodeStart | undefined> {
  const giveUp = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)]);
  const aborted = new Promise<void>((resolve) => giveUp.addEventListener('abort', () => resolve(), { once: true }));
  const setup = await Promise.race([
    link.ready.then((value) => ({ value })),
    link.failed.then((error) => ({ error })),
    link.closed.then(() => ({ error: GONE })),
    aborted,
  ]);
  if (!setup) return undefined;
  if ('error' in setup) {
    await files.write(NODE_FILES.failed, setup.error);
    return undefined;
  }
  await files.write(NODE_FILES.ready, { setup: setup.value });
  let gone = false;
  void link.closed.then(() => {
    gone = true;
  });
  while (!giveUp.aborted && !gone) {
    if (await files.read<NodeStop>(NODE_FILES.stop)) return undefined;
    const start = await files.read<NodeStart>(NODE_FILES.start);
    if (start) return start;
    await sleep(POLL_MS);
  }
  if (gone) await files.write(NODE_FILES.failed, GONE);
  return undefined;
}

type Running = {
  readonly agent: Agent;
  readonly proxies: NodeProxies;
  readonly link: Link;
  readonly clock: RunClock;
  readonly signal: AbortSignal;
  readonly flushMs: number;
};

/** Flushes, shows and checkpoints until the scenario is done; undefined when it was lost before it said so. */
async function untilDone(
  order: NodeOrder,
  files: NodeFiles,
  { agent, proxies, link, clock, signal, flushMs }: Running,
): Promise<ScenarioReport | undefined> {
  const deadlineMs = deadlineOf(order.plan) + GRACE_MS;
  const ended = Promise.race([link.done, link.closed.then(() => undefined)]).then((report) => ({ report }));
  let stopSent: NodeStop | undefined;
  for (let flushes = 1; ; flushes++) {
    const nextFlushMs = (clock.startedAtMs ?? 0) + flushes * flushMs;
    while (clock.now() < nextFlushMs) {
      const pause = sleep(Math.min(POLL_MS * 5, Math.max(1, nextFlushMs - clock.now())));
      const end = await Promise.race([ended, pause]);
      if (end) return end.report;
      const stop = signal.aborted ? { graceful: false } : await files.read<NodeStop>(NODE_FILES.stop);
      if (stop && stop.graceful !== stopSent?.graceful) link.send({ type: 'stop', graceful: stop.graceful });
      stopSent = stop;
    }
    const window = agent.flush();
    await files.write(NODE_FILES.live, liveState(order.node, agent, window, proxies.active, clock.now()));
    if (flushes % CHECKPOINT_AFTER_FLUSHES === 0) {
      const state = { end: 'running' as const, startedAtMs: link.startedAtMs, nowMs: clock.now(), report: undefined };
      await files.writeCompressed(NODE_FILES.result, nodeResultToJson(await nodeResult(order, agent, state)));
    }
    if ((clock.elapsed() ?? 0) > deadlineMs) return undefined;
  }
}

function faultLine({ proxy, protocol, behavior, point, rule }: FaultEvent): Parameters<Agent['record']>[0] {
  return { name: 'faults', type: 'c', value: 1, weight: 1, tags: { proxy, protocol, behavior, point, fault: rule } };
}

const GONE: ReportedError = {
  code: 'ERR_SCENARIO_LOAD',
  message: 'the scenario process ended before it was ready',
  hint: 'its output is in scenario.log of the node',
};
