import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  deadlineOf,
  type FaultWindow,
  LoadsError,
  NODE_FILES,
  type NodeData,
  type NodeOrder,
  type NodeReady,
  type NodeStart,
  type NodeStop,
  nodeResultToJson,
  type PhaseStamp,
  phaseLookup,
  type ReportedError,
  type ScenarioEnd,
  type ScenarioReport,
  type SidecarMessage,
  type SidecarReady,
  SPOOL_FOLDER,
} from '@loads/core';
import { Agent } from '../agent/agent.ts';
import { NodeEvents } from '../agent/node-events.ts';
import type { FaultEvent } from '../proxy/fault-event.ts';
import { Acknowledger } from './acknowledger.ts';
import { clockWatch } from './clock-watch.ts';
import { endedFromOutside } from './ended-from-outside.ts';
import { FaultLedger } from './fault-ledger.ts';
import { ForeignProgram, type ScenarioEnd as Scenario } from './foreign-program.ts';
import { HostMonitors } from './host-monitors.ts';
import { Link } from './link.ts';
import { type NodeFiles, unlessDiskFull } from './node-files.ts';
import { loadNodePlugins } from './node-plugins.ts';
import { NodeProxies } from './node-proxies.ts';
import { judgedSeries, liveState, nodeResult } from './node-record.ts';
import { NodeTimeline } from './node-timeline.ts';
import { processTable } from './process-table.ts';
import { programSamples } from './program-samples.ts';
import { reachTarget } from './reach-target.ts';
import { RemoteProxies } from './remote-proxies.ts';
import type { RemoteFaults } from './remote-proxy.ts';
import { RequestWatch } from './request-watch.ts';
import { RunClock } from './run-clock.ts';
import { RunControl } from './run-control.ts';
import { scenarioPlan } from './scenario-plan.ts';

const POLL_MS = 20;
/** While the run goes on, a look for a stop is taken from the load. */
const STOP_POLL_MS = 200;
const CHECKPOINT_AFTER_FLUSHES = 5;
/** A node that nobody starts ends by itself. */
const LONGEST_WAIT_MS = 120_000;
/** For the teardown and the last samples, after the deadline of the plan. */
const GRACE_MS = 30_000;
const SILENT_FLUSHES = 3;
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
  { flushMs = 1000, orderMs = 0 }: { readonly flushMs?: number; readonly orderMs?: number } = {},
): Promise<void> {
  const order = await orderIn(files, orderMs, signal);
  if (!order) throw new LoadsError('ERR_FILE_MISSING', `there is no ${NODE_FILES.order} in ${files.dir}`);
  const { plan, node, run, ports } = order;
  const clock = new RunClock();
  await loadNodePlugins(plan.plugins ?? [], files.dir);

  await using link: Scenario = order.foreign
    ? new ForeignProgram(plan, files, processTable(), () => clock.now())
    : await Link.open(ports?.link);
  const processes = plan.processes ?? 1;
  await using resources = new AsyncDisposableStack();
  const acks = Array.from({ length: processes }, (_, i) =>
    resources.use(new Acknowledger((lines) => link.sendTo(i + 1, { type: 'ack', lines }))),
  );
  const phaseAt = phaseLookup(plan.schedule, plan.recoveryMs);
  await using agent = await Agent.open({
    now: () => clock.now(),
    stamp: (atMs) => {
      const elapsed = clock.elapsed(atMs);
      return elapsed === undefined ? SETUP : phaseAt(elapsed);
    },
    onLines: (lines) => acks[0]?.arrived(lines),
    elapsed: (atMs) => clock.elapsed(atMs),
    tags: { run, node: String(node) },
    influx: plan.influx && { plan: plan.influx, spoolDir: join(files.dir, SPOOL_FOLDER) },
    port: ports?.statsd,
  });
  const ledger = new FaultLedger();
  const onFault = (fault: FaultEvent): void => {
    agent.record(faultLine(fault));
    const mark = { id: fault.id, atMs: fault.atMs };
    ledger.note({ fault: fault.rule, proxy: fault.proxy, behavior: fault.behavior, first: mark, last: mark });
  };
  await using proxies = await NodeProxies.open({ plan, node, clock, ports: ports?.proxies, onFault });
  const more = await Promise.all(acks.slice(1).map((ack) => agent.listen((lines) => ack.arrived(lines))));
  const hello = { type: 'plan' as const, run, node, plan: scenarioPlan(plan), proxies: proxies.addresses };
  link.greet(...[agent.address, ...more].map((statsd, i): SidecarMessage => ({ ...hello, process: i + 1, statsd })));

  if (order.checkTarget && plan.target !== undefined) await reachTarget(plan.target, signal);
  const here: SidecarReady = { pid: process.pid, link: link instanceof Link ? link.address : '' };
  await files.write(NODE_FILES.sidecar, here);

  const onFaults = (faults: RemoteFaults): void => {
    agent.record(remoteFaultLine(faults));
    ledger.note(faults);
  };
  // One node drives what stands elsewhere: its faults are everyone's, and must be counted once.
  const driven = node === 1 ? (plan.remotes ?? []) : [];
  await using remotes = await RemoteProxies.hold({ remotes: driven, run, now: () => clock.now(), onFaults });
  const start = await waitForStart(files, link, clock, signal);
  if (!start) return;
  const clockAt = clockWatch(clock, node, start);
  clock.start(start.atMs);
  remotes.begin(start.atMs);
  link.send({ type: 'start', atMs: start.atMs, setup: start.setup });
  await sleep(Math.max(0, start.atMs - clock.now()));
  proxies.follow();
  // A host that each node asked would be asked N times a second, and have N values for one.
  const monitors = node === 1 ? (plan.monitors ?? []) : [];
  await using hosts = new HostMonitors({
    monitors,
    record: (sample) => agent.record(sample),
    now: () => clock.now(),
  });

  const events = new NodeEvents({ run, plan, startMs: start.atMs }, node);
  const requests = new RequestWatch(start.atMs);
  const timeline = new NodeTimeline(flushMs);
  const windows = (): readonly FaultWindow[] => [...proxies.windows, ...remotes.windows];
  const control = new RunControl({ files, link, events, clock, signal });
  const watched = { agent, control, events, proxies, requests, timeline, windows, link, clock, flushMs };
  const report = await untilDone(order, files, watched);
  const endedAtMs = clock.now();
  if (order.foreign && report && plan.scenario.kind === 'command') {
    const [program = ''] = plan.scenario.command;
    for (const sample of programSamples(program, endedAtMs - start.atMs, report.commandExit)) agent.record(sample);
  }
  await hosts[Symbol.asyncDispose]();
  const outside = await endedFromOutside(files, signal, node, clock.elapsed(endedAtMs));
  const [unhealed] = await Promise.all([proxies.heal(), remotes.release()]);
  const end: ScenarioEnd = report ? 'done' : 'lost';
  const startedAtMs = link.startedAtMs ?? start.atMs;
  events.started(startedAtMs);
  events.ended(endedAtMs, end);
  timeline.add(await agent.finish(events.take(endedAtMs), report?.emitted ?? undefined));
  // Whoever watches is told the end as well, such as a first failure that ends the run on all nodes.
  const last = liveState(node, agent, [], proxies.active, endedAtMs, requests.take([], endedAtMs));
  await unlessDiskFull(() => files.write(NODE_FILES.live, { ...last, ...judgedSeries(plan, agent) }));
  const keepResult = async (): Promise<void> => {
    const { blocked } = link;
    const found = {
      startLateMs: startedAtMs - start.atMs,
      blocked,
      faults: ledger.spans,
      scalings: control.scalings,
      problems: [...outside, ...remotes.problems, ...unhealed],
      timeline: timeline.with(windows()),
      clock: clockAt(),
    };
    const result = await nodeResult(order, agent, { end, startedAtMs, nowMs: endedAtMs, report, ...found });
    const write = (): Promise<void> => files.writeCompressed(NODE_FILES.result, nodeResultToJson(result));
    // The result is worth more than points.
    while (!(await unlessDiskFull(write))) if (!(await agent.makeRoom())) return await write();
  };
  // The result must not hang on the database, which may take its time; only the count of its points does.
  await keepResult();
  await agent.drain(join(files.dir, NODE_FILES.points));
  await keepResult();
}

/** The order of the node, which may come a moment after its sidecar. */
async function orderIn(files: NodeFiles, timeoutMs: number, signal: AbortSignal): Promise<NodeOrder | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const order = await files.read<NodeOrder>(NODE_FILES.order);
    if (order || signal.aborted || performance.now() >= deadline) return order;
    await sleep(POLL_MS);
  }
}

/** Waits until the scenario process is ready and the start is given; undefined when it will not be. */
async function waitForStart(
  files: NodeFiles,
  link: Scenario,
  clock: RunClock,
  signal: AbortSignal,
): Promise<NodeStart | undefined> {
  const giveUp = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)]);
  const aborted = new Promise<void>((resolve) => giveUp.addEventListener('abort', () => resolve(), { once: true }));
  const waiting = new AbortController();
  const passing = passSetup(files, link, waiting.signal);
  const setup = await Promise.race([
    link.ready.then((value) => ({ value })),
    link.failed.then((error) => ({ error })),
    link.closed.then(() => ({ error: GONE })),
    aborted,
  ]);
  waiting.abort();
  await passing;
  if (!setup) return undefined;
  if ('error' in setup) {
    await files.write(NODE_FILES.failed, setup.error);
    return undefined;
  }
  const ready: NodeReady = { setup: setup.value, nowMs: clock.now() };
  await files.write(NODE_FILES.ready, ready);
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

/** Where fixtures of processes wait for what the setup gave: passes it on to the orchestrator, and from there to all. */
async function passSetup(files: NodeFiles, link: Scenario, over: AbortSignal): Promise<void> {
  let given: NodeData | undefined;
  void link.setup.then((setup) => {
    given = { setup };
  });
  for (let told = false; !over.aborted; await sleep(POLL_MS)) {
    if (given && !told) await files.write(NODE_FILES.setup, given);
    told = given !== undefined;
    const data = await files.read<NodeData>(NODE_FILES.data);
    if (data) return link.send({ type: 'data', setup: data.setup });
  }
}

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
async function untilDone(
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

function faultLine({ proxy, protocol, behavior, point, rule }: FaultEvent): Parameters<Agent['record']>[0] {
  return { name: 'faults', type: 'c', value: 1, weight: 1, tags: { proxy, protocol, behavior, point, fault: rule } };
}

/** Told late, and struck in its entry's time all the same. */
function remoteFaultLine(faults: RemoteFaults): Parameters<Agent['record']>[0] {
  const { proxy, protocol, behavior, point, fault, count } = faults;
  const tags = { proxy, protocol, behavior, point, fault, phase: 'chaos' };
  return { name: 'faults', type: 'c', value: count, weight: 1, tags };
}

const GONE: ReportedError = {
  code: 'ERR_SCENARIO_LOAD',
  message: 'the scenario process ended before it was ready',
  hint: 'its output is in scenario.log of the node',
};
