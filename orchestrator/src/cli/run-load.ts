import { join, resolve } from 'node:path';
import { type ExitCode, LoadsError, type RunPlan } from '@loads/core';
import type { Launcher } from '../launch/launcher.ts';
import { findProgram } from '../preflight/find-program.ts';
import { inspectScenario } from '../preflight/inspect-scenario.ts';
import { reachTarget } from '../preflight/reach-target.ts';
import { Run } from '../run/run.ts';
import type { RunningRun } from '../run/running-run.ts';
import { type Judging, RunFolder } from '../store/run-folder.ts';
import { runId } from '../store/run-id.ts';
import { Interrupts } from './interrupts.ts';
import type { Terminal } from './terminal.ts';

export const RUNS_ROOT: string = join('.loads', 'runs');

/** Runs a plan from the preflight to the verdict. Gives the exit code that the verdict means. */
export async function runLoad(
  plan: RunPlan,
  launcher: Launcher,
  judging: Judging,
  terminal: Terminal,
): Promise<ExitCode> {
  using interrupts = new Interrupts();
  const starting = new AbortController();
  interrupts.listen(() => starting.abort(new LoadsError('ERR_STOPPED', 'stopped before the run had begun')));
  if (plan.scenario.kind === 'command') {
    await findProgram(plan.scenario.command[0] ?? '', plan.env.PATH ?? process.env.PATH ?? '');
  }
  if (plan.target !== undefined) await reachTarget(plan.target, starting.signal);
  const declared =
    plan.scenario.kind === 'script'
      ? await inspectScenario(plan.scenario.file, { ...process.env, ...plan.env }, starting.signal)
      : undefined;
  const now = new Date();
  const run = runId(now, plan.name, Math.random());
  const record = { version: 1 as const, run, plan, launcher: launcher.name, createdAt: now.toISOString(), judging };
  const folder = await RunFolder.create(resolve(RUNS_ROOT), record);
  terminal.introduce({ run, plan, scenarios: declared?.scenarios });
  terminal.detail(`run ${run} in ${folder.path}`);
  const running = await new Run(folder, launcher).start(starting.signal);
  // Awaited: the interrupts are listened to until the run has ended.
  return await watch(running, folder, interrupts, terminal);
}

/** Shows a run until it has ended, and judges it. The first interrupt ends it gracefully, the second at once. */
export async function watch(
  running: RunningRun,
  folder: RunFolder,
  interrupts: Interrupts,
  terminal: Terminal,
): Promise<ExitCode> {
  const display = terminal.display(folder.record.plan);
  let stopping: Promise<void> = Promise.resolve();
  interrupts.listen((count) => {
    if (count === 1) display.note('stopping: iterations in flight may end; press Ctrl-C again to stop at once');
    const stop = count < 3 ? () => running.stop({ graceful: count === 1 }) : () => running.kill();
    stopping = stopping.then(stop);
    // What could not be told to a node shows when it is collected.
    stopping.catch(() => undefined);
  });
  try {
    const finished = await running.finish((progress) => display.show(progress));
    display.close();
    const summary = await finished.judge();
    terminal.summary(summary, folder.path);
    return summary.exitCode;
  } catch (error) {
    display.close();
    await running.kill();
    throw error;
  }
}

/** The exit code of an error. Anything that is no LoadsError is a bug. */
export function exitCodeOf(error: unknown): number {
  return error instanceof LoadsError ? error.exitCode : 1;
}
