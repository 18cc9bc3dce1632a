import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import {
  type ErrorGroup,
  groupsOf,
  LoadsError,
  type PhaseStamp,
  type ProcessEnd,
  type ReportedError,
} from '@loads/core';
import { variables } from '../api/variables.ts';
import { runCommand } from '../command/run-command.ts';
import { runHealthCheck } from '../health-check/run-health-check.ts';
import { Emitter } from '../recording/emitter.ts';
import { LineSink } from '../recording/line-sink.ts';
import { Recorder } from '../recording/recorder.ts';
import { EarlyStop } from './early-stop.ts';
import { Fixtures } from './fixtures.ts';
import { Health } from './health.ts';
import { LinkClient, type StartOrder } from './link-client.ts';
import type { Load, LoadContext } from './load.ts';
import { LoadRecorder } from './load-recorder.ts';
import { loadScenario } from './load-scenario.ts';
import { watchLoop } from './loop-watch.ts';
import { uncaught } from './outside-failures.ts';
import { rehearseArrivals } from './rehearse-arrivals.ts';
import { RunStage } from './run-stage.ts';
import { ScriptRun } from './script-run.ts';
import { Seconds } from './seconds.ts';
import { startSiblings } from './siblings.ts';
import { StrayErrors } from './stray-errors.ts';
import { warmUp } from './warm-up.ts';

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
  const lost = (end: ProcessEnd): void => link.send({ type: 'lost', end });
  const siblings = brief.process === 1 ? startSiblings(processes - 1, lost) : undefined;
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
  strays.found = (error) => void uncaught(recorder, error);

  const stop = new EarlyStop(link, brief.plan.gracefulStopMs);
  using watching = new DisposableStack();
  let load: Load;
  let fixtures: Fixtures | undefined;
  let start: StartOrder;
  try {
    load = await stop.unlessStopped(loadOf({ brief, link, stage, recorder, measures }));
    // What the file itself sets while it is loaded, each process sets by itself; what fixtures set stands over it.
    if (processes > 1) {
      variables.connect((name, value) => link.send({ type: 'variable', name, value }));
      link.hearVariables((name, value) => variables.receive(name, value));
    }
    fixtures = new Fixtures(load, { brief, link, recorder, stop, siblings });
    const setup = await fixtures.setUp();
    const { scenario, maxLagMs } = brief.plan;
    if (scenario.kind === 'script') watching.use(watchLoop(linkAddress, scenario.file, maxLagMs));
    warmUp();
    if (groupsOf(brief.plan).some(({ model }) => model.kind === 'arrivals')) await rehearseArrivals(brief);
    link.send({ type: 'ready', setup });
    start = await stop.unlessStopped(link.start);
  } catch (error) {
    // The other processes of the node are not to begin either, and the run's teardown waits for them.
    link.send({ type: 'failing' });
    await fixtures?.undo();
    tellErrors(recorder.errors.all);
    link.send({ type: 'failed', error: reported(error, recorder.errors.all) });
    return;
  }
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

  strays.found = (error) => load.uncaught(error);
  const ending = await load.run(start.setup);
  health.flush(sink);
  seconds[Symbol.dispose]();
  stage.end();
  await fixtures.tearDown(start.setup);
  await flush();
  // What is thrown from here on comes too late for the figures.
  strays.found = () => undefined;
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
    return withoutFixtures(context, () => runHealthCheck(context));
  }
  if (scenario.kind === 'script') return await ScriptRun.load(scenario.file, context);
  return withoutFixtures(context, () => runCommand(scenario.command, context));
}

function withoutFixtures({ recorder }: LoadContext, run: Load['run']): Load {
  return {
    waitsForSetup: false,
    setup: () => Promise.resolve(undefined),
    setupProcess: () => Promise.resolve(),
    teardownProcess: () => Promise.resolve(),
    run,
    uncaught: (error) => void uncaught(recorder, error),
    teardown: () => Promise.resolve(),
  };
}

/** There is no summary of a run that does not begin: what went wrong while it was undone is in the log of the process. */
function tellErrors(errors: readonly ErrorGroup[]): void {
  for (const { scenario, message, stack } of errors) process.stderr.write(`${scenario}: ${stack ?? message}\n`);
}

function reported(error: unknown, errors: readonly ErrorGroup[]): ReportedError {
  const undone = errors.filter(({ scenario }) => scenario.startsWith('teardown'));
  const left = undone.map(({ scenario, message }) => `${scenario} failed: ${message}`);
  if (error instanceof LoadsError) {
    const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
    return { code: error.code, message: error.message, hint: textOf([error.hint, ...left]), stack };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: 'ERR_SCENARIO_LOAD', message, hint: textOf(left), stack };
}

function textOf(parts: readonly (string | undefined)[]): string | undefined {
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join('; ');
}
