import { join, resolve } from 'node:path';
import { EXIT, type ExitCode, LoadsError, type RunPlan } from '@loads/core';
import { reachTarget } from '@loads/vaurien';
import { dashboardLink } from '../console/dashboard-link.ts';
import type { Launcher } from '../launch/launcher.ts';
import { identify } from '../launch/process-identity.ts';
import { findProgram } from '../preflight/find-program.ts';
import { Run } from '../run/run.ts';
import type { RunningRun } from '../run/running-run.ts';
import type { StoredRun } from '../run/stored-run.ts';
import { type Judging, RunFolder, type RunRecord } from '../store/run-folder.ts';
import { runId } from '../store/run-id.ts';
import { Interrupts } from './interrupts.ts';
import type { PreparedPlan } from './prepare-plan.ts';
import type { SeveralRuns } from './several-runs.ts';
import { type OutputOf, outputShown, showOutput, showWritten } from './show-output.ts';
import { sizeLoad } from './size-load.ts';
import { startRun } from './start-run.ts';
import type { Terminal } from './terminal.ts';

export const RUNS_ROOT: string = join('.loads', 'runs');

/**
 * What is done with a run when its summary has been shown: files that are written of it, a comparison. The exit code that
 * it gives, if any, stands in for that of a run that passed.
 */
export type AfterRun = (run: StoredRun) => Promise<ExitCode | undefined>;

/**
 * Runs what `prepare` gives from the preflight to the verdict, once or `instead` as often as that does, and shows what
 * `outputOf` gives of it. Gives the exit code that the verdict means.
 */
export async function runLoad(
  prepare: (signal: AbortSignal) => Promise<PreparedPlan>,
  launcherFor: (prepared: PreparedPlan) => Launcher,
  judging: (plan: RunPlan) => Judging,
  terminal: Terminal,
  outputOf?: OutputOf | undefined,
  after: readonly AfterRun[] = [],
  instead?: SeveralRuns | undefined,
): Promise<ExitCode> {
  using interrupts = new Interrupts();
  const starting = new AbortController();
  const atOnce = new AbortController();
  interrupts.listen((count) => {
    starting.abort(new LoadsError('ERR_STOPPED', 'stopped before the run had begun'));
    if (count > 1) atOnce.abort();
  });
  const prepared = await prepare(starting.signal);
  const { plan, declared } = prepared;
  const launcher = launcherFor(prepared);
  // Elsewhere programs and targets are known by other names, and the nodes themselves look for them.
  if (prepared.on === 'process') await lookHere(prepared, starting.signal);
  const needs = await launcher.prepare(plan, starting.signal);
  starting.signal.throwIfAborted();
  const owner = await identify(process.pid);
  const recordOf = (one: RunPlan): RunRecord => {
    const now = new Date();
    return {
      version: 1 as const,
      run: runId(now, one.name, Math.random()),
      plan: one,
      launcher: launcher.name,
      createdAt: now.toISOString(),
      owner,
      judging: judging(one),
      ...(prepared.workingDirectory !== undefined && { directory: prepared.workingDirectory }),
      ...(prepared.labels && { labels: prepared.labels }),
      ...(prepared.metadata && { metadata: prepared.metadata }),
      ...(prepared.commandLine && { commandLine: prepared.commandLine }),
      ...needs,
    };
  };
  const root = resolve(RUNS_ROOT);
  const several = instead ?? (plan.sizing ? sizeLoad : undefined);
  if (several)
    return await several({
      prepared,
      launcher,
      root,
      recordOf,
      interrupts,
      starting: starting.signal,
      atOnce: atOnce.signal,
      terminal,
    });
  const record = recordOf(plan);
  const { run } = record;
  const folder = await RunFolder.create(root, record);
  terminal.introduce({ ...record, scenarios: declared?.scenarios });
  terminal.detail(`run ${run} in ${folder.path}`);
  const stop = { signal: starting.signal, atOnce: atOnce.signal };
  const running = await startRun(new Run(folder, launcher), plan.nodes, stop, terminal).catch(
    async (error: unknown) => {
      // Nobody has watched it: what it wrote may tell why it does not begin.
      if (outputOf) await showWritten(outputOf, run, terminal.display(plan));
      throw error;
    },
  );
  // Awaited: the interrupts are listened to until the run has ended.
  return await watch(running, folder, interrupts, terminal, outputOf, after);
}

/** What nodes on this machine need: the program, and the target. Throws ERR_FILE_MISSING or ERR_TARGET_UNREACHABLE. */
async function lookHere({ plan, workingDirectory }: PreparedPlan, signal: AbortSignal): Promise<void> {
  const { scenario, env, target } = plan;
  if (scenario.kind === 'command') {
    const [program = ''] = scenario.command;
    const elsewhere = workingDirectory !== undefined && program.includes('/');
    const path = elsewhere ? resolve(workingDirectory, program) : program;
    await findProgram(path, env.PATH ?? process.env.PATH ?? '');
  }
  if (target !== undefined) await reachTarget(target, signal);
}

/** Shows a run until it has ended, and judges it. The first interrupt ends it gracefully, the second at once. */
export async function watch(
  running: RunningRun,
  folder: RunFolder,
  interrupts: Interrupts,
  terminal: Terminal,
  outputOf?: OutputOf | undefined,
  after: readonly AfterRun[] = [],
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
  const shown = outputOf === undefined ? undefined : showOutput(outputOf, folder.record.run, display);
  try {
    let told = false;
    const finished = await running.finish((progress) => {
      display.show(progress);
      const storage = progress.totals?.storage;
      if (storage === undefined || told) return;
      told = true;
      display.note(`points wait in the folder of the run: ${storage}`);
    });
    await outputShown(shown);
    display.close();
    const summary = await finished.judge();
    const notStored = await finished.store(summary);
    terminal.summary(summary, folder.path, dashboardLink(folder.record, summary));
    if (finished.leftOver !== undefined)
      terminal.warn(`containers of the run are still there (\`loads gc\` removes them): ${finished.leftOver}`);
    // The summary has said it when it is as the nodes found it.
    if (notStored !== undefined && summary.accounting.points?.problem === undefined)
      terminal.warn(`the figures of the run are not in the database: ${notStored}; store them later: loads push`);
    let { exitCode } = summary;
    for (const act of after) {
      const code = await act({ folder, nodes: finished.nodes, summary, notes: [] });
      if (exitCode === EXIT.passed && code !== undefined) exitCode = code;
    }
    return exitCode;
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
