import { setTimeout as wait } from 'node:timers/promises';
import { LoadsError, type ReportedError } from '@loads/core';
import { runCommand } from '../command/run-command.ts';
import { Emitter } from '../recording/emitter.ts';
import { LineSink } from '../recording/line-sink.ts';
import { Recorder } from '../recording/recorder.ts';
import { Health } from './health.ts';
import { LinkClient, type NodeBrief } from './link-client.ts';
import type { Load } from './load.ts';
import { RunStage } from './run-stage.ts';
import { ScriptRun } from './script-run.ts';

const FLUSH_MS = 1000;

/**
 * Runs the scenario process of a node: gets its orders over the link, sends samples as statsd, and ends when the plan,
 * a stop, or the loss of the sidecar ends it. Throws ERR_NODE_START when the sidecar is lost: unmeasured load is none.
 */
export async function runNode(linkAddress: string): Promise<void> {
  await using link = await LinkClient.connect(linkAddress);
  const lost = link.lost.then(() => {
    throw new LoadsError('ERR_NODE_START', 'the sidecar has gone: stopping, since nothing is measured any more');
  });
  await Promise.race([lost, runLinked(link)]);
}

async function runLinked(link: LinkClient): Promise<void> {
  const brief = await link.brief;
  const stage = new RunStage(brief.plan);
  const recorder = new Recorder((fromMs, toMs) => stage.stamp(fromMs, toMs));
  await using emitter = new Emitter(brief.statsd, (lines, timeoutMs) => link.received(lines, timeoutMs));
  using health = new Health();
  const sink = new LineSink();
  const flush = async (): Promise<void> => {
    recorder.flush(sink);
    const { lines, samples } = sink.take();
    await emitter.send(lines, samples);
  };
  process.on('unhandledRejection', (error) => recorder.errors.add('(outside of an iteration)', 'assertion', error));

  let load: Load;
  let setup: unknown;
  try {
    load = await loadOf(brief, link, stage, recorder);
    setup = brief.node === 1 ? await load.setup() : undefined;
  } catch (error) {
    link.send({ type: 'failed', error: reported(error) });
    return;
  }
  link.send({ type: 'ready', setup });

  const start = await link.start;
  stage.begin(start.atMs);
  await wait(Math.max(0, -stage.elapsed()));
  health.reset();
  link.send({ type: 'started', atMs: performance.timeOrigin + performance.now() });
  const ticker = setInterval(() => {
    health.flush(sink);
    // A failing send shows in the accounts.
    flush().catch(() => undefined);
  }, FLUSH_MS);

  const { interrupted, commandExit } = await load.run(start.setup);
  health.flush(sink);
  clearInterval(ticker);
  stage.end();
  if (brief.node === 1) {
    await load.teardown(start.setup).catch((error: unknown) => recorder.errors.add('teardown', 'assertion', error));
  }
  await flush();
  await emitter.drained();
  const emitted = brief.plan.scenario.kind === 'command' ? null : emitter.samples;
  link.send({ type: 'done', report: { emitted, interrupted, errors: recorder.errors.all, commandExit } });
}

async function loadOf(brief: NodeBrief, link: LinkClient, stage: RunStage, recorder: Recorder): Promise<Load> {
  const { scenario } = brief.plan;
  if (scenario.kind === 'script') return ScriptRun.load(scenario.file, { brief, link, stage, recorder });
  return {
    setup: () => Promise.resolve(undefined),
    run: () => runCommand(scenario.command, { brief, link, stage, recorder }),
    teardown: () => Promise.resolve(),
  };
}

function reported(error: unknown): ReportedError {
  if (error instanceof LoadsError) {
    const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
    return { code: error.code, message: error.message, hint: error.hint, stack };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: 'ERR_SCENARIO_LOAD', message, stack };
}
