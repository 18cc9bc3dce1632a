import { readFile } from 'node:fs/promises';
import type { RunPlan } from '@loads/core';
import type { Engine } from '../../engine/engine.ts';
import { EngineRefusal } from '../../engine/engine-error.ts';

/** Connections are files, and many engines give 1024. */
export const WANTED_FILES = 65_536;
/** With fewer there is nothing to gain over what an engine gives by itself. */
const FEWEST_FILES = 2048;
/** A worker's connection, and both sides of it in a proxy, with as much again for what its scenario opens besides. */
const FILES_PER_WORKER = 4;
/** What a process has open before it does anything. */
const FILES_PER_PROCESS = 100;

/**
 * How many open files to ask of the engines for each container at first: 65,536, or, of an engine of this machine, as many
 * as this process may have, if those are fewer, since both usually have been given the same.
 */
export async function openFiles(engines: readonly Pick<Engine, 'isLocal'>[]): Promise<number> {
  if (!engines.every(({ isLocal }) => isLocal)) return WANTED_FILES;
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  return firstAsked(text);
}

/** What to ask for where this process has these limits (the text of /proc/self/limits). */
export function firstAsked(limits: string): number {
  const hard = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1] ?? WANTED_FILES);
  return hard < FEWEST_FILES ? WANTED_FILES : Math.min(WANTED_FILES, hard);
}

/** What to ask for when so many were refused: half, and in the end nothing, which is what the engine gives by itself. */
export function fewerFiles(refused: number): number | undefined {
  const fewer = 2 ** Math.ceil(Math.log2(refused) - 1);
  return fewer < FEWEST_FILES ? undefined : fewer;
}

/** Whether an engine said that it may not give so many: one that runs in a container has a limit itself. */
export function isLimitRefusal(error: unknown): boolean {
  const refusal = error instanceof Error && !(error instanceof EngineRefusal) ? error.cause : error;
  return refusal instanceof EngineRefusal && /rlimit/.test(refusal.message);
}

/** What to tell of a limit that is lower than wanted; nothing where the plan's workers do not come near it. */
export function fewFilesNote(given: number | undefined, plan: RunPlan, address: string): string | undefined {
  const perNode = Math.ceil(plan.workers / plan.nodes);
  const needed = perNode * FILES_PER_WORKER + FILES_PER_PROCESS;
  if (given !== undefined && given >= Math.min(needed, WANTED_FILES)) return undefined;
  if (given === undefined && needed <= FEWEST_FILES / 2) return undefined;
  const most = given === undefined ? `fewer than ${FEWEST_FILES}` : `at most ${given}`;
  const reason = `${address} gives a container ${most} open files, and ${perNode} workers of a node may need ${needed}`;
  return `${reason}: raise the engine's own limit (LimitNOFILE), or use more nodes`;
}
