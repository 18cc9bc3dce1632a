import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { groupsOf, LoadsError, type PhaseStamp, type ReportedError } from '@loads/core';
import { variables } from '../api/variables.ts';
import { runCommand } from '../command/run-command.ts';
import { runHealthCheck } from '../health-check/run-health-check.ts';
import { Emitter } from '../recording/emitter.ts';
import { LineSink } from '../recording/line-sink.ts';
import { Recorder } from '../recording/recorder.ts';
import { Health } from './health.ts';
import { LinkClient, type NodeBrief } from './link-client.ts';
import type { Load, LoadContext } from './load.ts';
import { LoadRecorder } from './load-recorder.ts';
import { loadScenario } from './load-scenario.ts';
import { watchLoop } from './loop-watch.ts';
import { rehearseArrivals } from './rehearse-arrivals.ts';
import { RunStage } from './run-stage.ts';
import { ScriptRun } from './script-run.ts';
import { Seconds } from './seconds.ts';
import { type Siblings, startSiblings } from './siblings.ts';
import { StrayErrors } from './stray-errors.ts';
import { warmUp } from './warm-up.ts';

/** How much longer than this process the others of the node may take, ms. */
const SIBLINGS_MS = 5000;
/** Both processes of a node may be started at the same time, on a machine that starts many. */
const SIDECAR_MS = 30_000;

/**
 * Runs the scenario process of a node: gets its orders over the link, sends samples as statsd, and ends when the plan,
 * a stop, or the loss of the sidecar ends it. Throws ERR_NODE_START when the sidecar is lost: unmeasured load is none.
 */
export async function runNode(linkAddress: string): Promise<void> {
  await using link = await LinkClient.connect(linkAddress, SIDECAR_MS);
  const lost = link.lost.then(() => {
    throw new LoadsError('ERR_NODE_START', 'the sidecar has gone: stopping, since nothing is measured any more');
  });
  using strays = new StrayErrors();
  await Promise.race([lost, runLinked(link, linkAddress, strays)]);
}

async function runLinked(link: LinkClient, linkAddress: string, strays: StrayErrors): Promise<void> {
  const brief = await link.brief;
  const stage = new RunStage(brief.plan);
  const stamp = (fromMs: number, toMs: number): PhaseStamp => stage.stamp(fromMs, toMs);
  const recorder = new Recorder(stamp);
  const { processes = 1 } = brief.plan;
  const measures = new LoadRecorder(stamp, processes > 1 ? brief.process : undefined);
  const siblings = brief.process === 1 ? startSiblings(processes - 1) : undefined;
  await using emitter = new Emitter(brief.statsd, (lines, timeoutMs) => link.received(lines, timeoutMs));
  using health = new Health();
  const sink = new LineSink();
  const flushOnce = async (): Promise<void> => {
    // In turns of their own: together they would hold up for several ms what is due meanwhile.
    recorder.flush(sink);
    await nextTurn();
    measures.flush(sink);
    await nextTurn();
    const { lines, samples } = sink.take();
    await emitter.send(lines, samples);
  };
  let flushing = Promise.resolve();
  const flush = (): Promise<void> => {
    flushing = flushing.then(flushOnce, flushOnce);
    return flushing;
  };
  strays.found = (error) => recorder.errors.add('(outside of an iteration)', 'assertion', error);

  let load: Load;
  let setup: unknown;
  try {
    load = await loadOf({ brief, link, stage, recorder, measures });
    // What the file itself sets while it is loaded, each process sets by itself; what fixtures set stands over it.
    if (processes > 1) {
      variables.connect((name, value) => link.send({ type: 'variable', name, value }));
      link.hearVariables((name, value) => variables.receive(name, value));
    }
    setup = await setUp(load, brief, link);
  } catch (error) {
    link.send({ type: 'failed', error: reported(error) });
    return;
  }
  const { scenario, maxLagMs } = brief.plan;
  using _watch = scenario.kind === 'script' ? watchLoop(linkAddress, scenario.file, maxLagMs) : undefined;
  warmUp();
  if (groupsOf(brief.plan).some(({ model }) => model.kind === 'arrivals')) await rehearseArrivals(brief);
  link.send({ type: 'ready', setup });

  const start = await link.start;
  stage.begin(start.atMs);
  await wait(Math.max(0, -stage.elapsed()));
  health.reset();
  link.send({ type: 'started', atMs: performance.timeOrigin + performance.now() });
  const seconds = new Seconds(stage, () => {
    health.flush(sink);
    measures.flushWorkers(sink);
    load.tick?.();
    // A failing send shows in the accounts.
    flush().catch(() => undefined);
  });

  const ending = await load.run(start.setup);
  health.flush(sink);
  seconds[Symbol.dispose]();
  stage.end();
  if (isFirst(brief)) {
    await othersEnded(siblings);
    await load.teardown(start.setup).catch((error: unknown) => recorder.errors.add('teardown', 'assertion', error));
  }
  await flush();
  await emitter.drained();
  const emitted = brief.plan.scenario.kind === 'command' ? null : emitter.samples;
  link.send({ type: 'done', report: { ...ending, emitted, errors: recorder.errors.all } });
}

async function loadOf(context: LoadContext): Promise<Load> {
  const { scenario, healthCheck, extensions } = context.brief.plan;
  if (healthCheck) {
    // That it can be loaded here is a part of the check; nothing of it runs.
    if (scenario.kind === 'script') await loadScenario(scenario.file, extensions);
    return withoutFixtures(() => runHealthCheck(context));
  }
  if (scenario.kind === 'script') return await ScriptRun.load(scenario.file, context);
  return withoutFixtures(() => runCommand(scenario.command, context));
}

function withoutFixtures(run: Load['run']): Load {
  return {
    waitsForSetup: false,
    setup: () => Promise.resolve(undefined),
    setupProcess: () => Promise.resolve(),
    teardownProcess: () => Promise.resolve(),
    run,
    teardown: () => Promise.resolve(),
  };
}

/** What belongs to the run as a whole is done by one of its processes. */
function isFirst({ node, process }: NodeBrief): boolean {
  return node === 1 && process === 1;
}

/** The fixtures before the start. Gives what the setup returned, in the process that ran it. */
async function setUp(load: Load, brief: NodeBrief, link: LinkClient): Promise<unknown> {
  const first = isFirst(brief);
  let setup: unknown;
  let data: unknown;
  let enteredProcess = false;
  try {
    setup = first ? await load.setup() : undefined;
    if (!load.waitsForSetup) return setup;
    if (first) link.send({ type: 'setup', setup });
    data = await link.data;
    enteredProcess = true;
    await load.setupProcess(data);
    return setup;
  } catch (error) {
    // What a fixture made before it failed has to go, too.
    if (enteredProcess) await load.teardownProcess(data).catch(() => undefined);
    if (first) await load.teardown(setup).catch(() => undefined);
    throw error;
  }
}

/** The run's teardown comes after all else; who hangs is not waited for. */
async function othersEnded(siblings: Siblings | undefined): Promise<void> {
  await Promise.race([siblings?.ended, wait(SIBLINGS_MS, undefined, { ref: false })]);
}

function reported(error: unknown): ReportedError {
  if (error instanceof LoadsError) {
    const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
    return { code: error.code, message: error.message, hint: error.hint, stack };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: 'ERR_SCENARIO_LOAD', message, stack };
}
