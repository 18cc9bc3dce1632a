import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type CommandCycle,
  formatDuration,
  LONGEST_RUN_MS,
  programEnvironment,
  type RunPlan,
  segment,
} from '@loads/core';
import type { LoadContext } from '../runtime/load.ts';
import { exitCodeOf, type ProgramEnd } from './exit-code.ts';
import { type Program, startProgram } from './start-program.ts';
import { TIMED_OUT, type TimeLimit, timeLimit } from './time-limit.ts';

/** How long programs get between SIGTERM and SIGKILL, ms. */
const TERM_MS = 5000;
/** How long what a program left behind may keep its output open after its end, ms. */
const OUTPUT_MS = 1000;

type CommandContext = Omit<LoadContext, 'measures'>;
/** One run of the program: its worker, where there is one for each, and when it begins, ms from the start of the run. */
type Turn = {
  readonly worker: number | undefined;
  readonly atMs: number;
  readonly cycle?: CommandCycle | undefined;
};

/**
 * Runs a foreign program as this node's load, once or once for each worker of this node (and of each cycle, when those of the
 * one before have ended here), until all have ended, the plan's time is over, or a stop. Each counts as one iteration, that failed
 * when the program's exit code was not 0 by its own doing, or it took longer than it may. `commandExit` is the first such code, or 0.
 */
export async function runCommand(
  command: readonly string[],
  context: CommandContext,
): Promise<{ readonly interrupted: number; readonly commandExit: number }> {
  const { brief, link, stage } = context;
  const { durationMs, scenario } = brief.plan;
  const { timeoutMs, overtimeMs } = scenario.kind === 'command' ? scenario : {};
  const programs = new Set<Program>();
  // Nothing begins any more; `told`: and what runs has been told to end.
  const over = new AbortController();
  let told = false;
  const endAll = (): void => {
    over.abort();
    if (programs.size > 0) endGroup('SIGTERM');
    setTimeout(() => killAll(programs), TERM_MS).unref();
  };
  const end = (): void => {
    if (told) return;
    told = true;
    endAll();
  };
  const leftMs = (durationMs ?? LONGEST_RUN_MS) - stage.elapsed();
  using overtime = timeLimit(overtimeMs === undefined ? undefined : leftMs + overtimeMs, endAll);
  const timer = setTimeout(overtimeMs === undefined ? end : () => over.abort(), leftMs);
  link.stopped.addEventListener('abort', end, { once: true });
  if (link.stopped.aborted) end();
  link.cut.addEventListener('abort', () => killAll(programs), { once: true });
  // Without its sidecar nothing is measured any more: the programs end, with all that they started and this process.
  void link.lost.then(() => process.kill(0, 'SIGKILL'));

  const run = async ({ worker, atMs, cycle }: Turn): Promise<number> => {
    if (!(await untilTurn(atMs - stage.elapsed(), over.signal))) return 0;
    const env = { ...process.env, ...programEnvironment({ ...brief, worker, cycle }) };
    const fromMs = performance.now();
    const program = startProgram({ command, env, mark: worker === undefined ? undefined : `worker ${worker}` });
    programs.add(program);
    using limit = timeLimit(timeoutMs, () => {
      // One of several is told alone: what it has started is in the group of all.
      if (worker === undefined) endGroup('SIGTERM');
      else program.kill('SIGTERM');
      setTimeout(() => program.kill('SIGKILL'), TERM_MS).unref();
    });
    const ended = await program.ended;
    programs.delete(program);
    const late =
      latenessOf(limit, timeoutMs) ?? (told ? undefined : latenessOf(overtime, overtimeMs, ' after the end'));
    const code = count(command, { ended, told, late, fromMs }, context);
    await Promise.race([program.written, wait(OUTPUT_MS, undefined, { ref: false })]);
    return code;
  };
  const codes: number[] = [];
  for (const turns of cyclesOf(brief.plan, brief.node)) codes.push(...(await Promise.all(turns.map(run))));
  clearTimeout(timer);
  return { interrupted: 0, commandExit: codes.find((code) => code !== 0) ?? 0 };
}

/** Why a program that has ended did so too late; undefined when it did not. */
function latenessOf({ expired }: TimeLimit, limitMs: number | undefined, from = ''): string | undefined {
  return expired ? `the program did not end within ${formatDuration(limitMs ?? 0)}${from}` : undefined;
}

type ProgramEnded = {
  readonly ended: ProgramEnd;
  /** It was told to end, since the run does. */
  readonly told: boolean;
  /** It was told to end, since it took too long. */
  readonly late: string | undefined;
  readonly fromMs: number;
};

/** Counts a program that has ended. Gives its exit code; a program that was told to end has not failed by a signal. */
function count(
  command: readonly string[],
  { ended, told, late, fromMs }: ProgramEnded,
  { recorder }: CommandContext,
): number {
  const scenario = basename(command[0] ?? '');
  if (ended instanceof Error) recorder.errors.add(scenario, 'assertion', ended);
  if (late !== undefined) recorder.errors.add(scenario, 'timeout', late);
  const code = late !== undefined ? TIMED_OUT : told && typeof ended === 'string' ? 0 : exitCodeOf(ended);
  const failed = late !== undefined || (code !== 0 && !told);
  const toMs = performance.now();
  const failure = late === undefined ? 'exit' : 'timeout';
  recorder.iteration(scenario, fromMs, toMs, failed, failed ? failure : undefined);
  recorder.commandExit(scenario, code, toMs);
  return code;
}

/** What a node runs, cycle after cycle. Workers of the first one begin one after the other over the ramp-up of the whole run. */
function cyclesOf({ scenario, workers, nodes }: RunPlan, node: number): readonly (readonly Turn[])[] {
  const perWorker = scenario.kind === 'command' ? scenario.perWorker : undefined;
  if (!perWorker) return [[{ worker: undefined, atMs: 0 }]];
  const { cycles, rampUpMs } = perWorker;
  const turns = (count: number, rampMs: number, cycle?: CommandCycle): readonly Turn[] =>
    segment(count, node, nodes).map((worker) => ({ worker, atMs: (worker * rampMs) / count, cycle }));
  return cycles?.map((cycle, i) => turns(cycle.workers, i === 0 ? rampUpMs : 0, cycle)) ?? [turns(workers, rampUpMs)];
}

/** Waits so long, ms; false when it was over before. */
async function untilTurn(ms: number, over: AbortSignal): Promise<boolean> {
  if (ms > 0) await wait(ms, undefined, { signal: over }).catch(() => undefined);
  return !over.aborted;
}

function killAll(programs: ReadonlySet<Program>): void {
  for (const program of programs) program.kill('SIGKILL');
}

/** Ends the programs and what they started: they are this process's group, and this process does not heed the signal. */
function endGroup(signal: NodeJS.Signals): void {
  const ignore = (): void => undefined;
  process.on(signal, ignore);
  process.kill(0, signal);
}
