import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FaultWindow,
  LoadsError,
  NODE_FILES,
  nodeResultToJson,
  type PhaseStamp,
  phaseLookup,
  type ScenarioEnd,
  type SidecarMessage,
  type SidecarReady,
  SPOOL_FOLDER,
} from '@loads/core';
import { Agent } from '../agent/agent.ts';
import { NodeEvents } from '../agent/node-events.ts';
import type { FaultEvent } from '../proxy/fault-event.ts';
import { Acknowledger } from './acknowledger.ts';
import { orderIn, waitForStart } from './await-start.ts';
import { clockWatch } from './clock-watch.ts';
import { endedFromOutside } from './ended-from-outside.ts';
import { FaultLedger } from './fault-ledger.ts';
import { ForeignProgram, type ScenarioEnd as Scenario } from './foreign-program.ts';
import { HostMonitors } from './host-monitors.ts';
import { Link } from './link.ts';
import { lostEnd } from './lost-end.ts';
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
import { type ScenarioProcess, startScenario } from './scenario-process.ts';
import { untilDone } from './until-done.ts';
import { untilUndone } from './until-undone.ts';

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

  let started: ScenarioProcess | undefined;
  const { gracefulStopMs } = plan;
  const waiting = { node, files, link, clock, signal, gracefulStopMs, lostEnd: () => lostEnd(started, link) };
  /** From here on the scenario may have set something up. */
  const orUndone = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work;
    } catch (error) {
      await untilUndone(waiting);
      throw error;
    }
  };
  if (order.checkTarget && plan.target !== undefined) await orUndone(reachTarget(plan.target, signal));
  const address = link instanceof Link ? link.address : '';
  if (order.scenario)
    started = await startScenario(order.scenario, { dir: files.dir, env: { ...plan.env, LOADS_LINK: address } });
  const here: SidecarReady = { pid: process.pid, link: address, scenario: started?.pid };
  await files.write(NODE_FILES.sidecar, here);

  const onFaults = (faults: RemoteFaults): void => {
    agent.record(remoteFaultLine(faults));
    ledger.note(faults);
  };
  // One node drives what stands elsewhere: its faults are everyone's, and must be counted once.
  const driven = node === 1 ? (plan.remotes ?? []) : [];
  await using remotes = await orUndone(RemoteProxies.hold({ remotes: driven, run, now: () => clock.now(), onFaults }));
  const start = await waitForStart(waiting);
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
  const processEnd = report ? undefined : await lostEnd(started, link);
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
      processEnd,
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

function faultLine({ proxy, protocol, behavior, point, rule }: FaultEvent): Parameters<Agent['record']>[0] {
  return { name: 'faults', type: 'c', value: 1, weight: 1, tags: { proxy, protocol, behavior, point, fault: rule } };
}

/** Told late, and struck in its entry's time all the same. */
function remoteFaultLine(faults: RemoteFaults): Parameters<Agent['record']>[0] {
  const { proxy, protocol, behavior, point, fault, count } = faults;
  const tags = { proxy, protocol, behavior, point, fault, phase: 'chaos' };
  return { name: 'faults', type: 'c', value: count, weight: 1, tags };
}
