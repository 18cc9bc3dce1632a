import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LoadsError } from '@loads/core';
import { listRuns } from '../store/list-runs.ts';
import { REMOVED, removeRunFolder } from '../store/remove-run.ts';
import type { Terminal } from './terminal.ts';

export type Forgetting = {
  /** So many stay. */
  readonly newest: number;
  readonly dryRun: boolean;
  /** What works in containers. */
  readonly working: ReadonlySet<string>;
};

/**
 * Removes the runs below `root` that have ended, but for the newest ones; damaged ones are runs, too. What still works
 * neither goes nor counts. Gives how many went, or would.
 */
export async function forgetRuns(
  root: string,
  { newest, dryRun, working }: Forgetting,
  terminal: Terminal,
): Promise<number> {
  const ended = (await listRuns(root)).filter(({ run, state }) => state !== 'working' && !working.has(run));
  let gone = 0;
  // The oldest first: whoever interrupts this keeps the newer ones.
  for (const { run, path } of ended.slice(newest).reverse()) {
    try {
      if (!dryRun) await removeRunFolder({ path, force: false });
    } catch (error) {
      if (!(error instanceof LoadsError)) throw error;
      terminal.warn(error.message);
      continue;
    }
    gone += 1;
    terminal.result([`${dryRun ? 'would remove' : 'removed'} ${run}`], {
      type: 'removed',
      run,
      dryRun: dryRun || undefined,
    });
  }
  if (!dryRun) await sweep(root);
  return gone;
}

/** Removes what is left of runs whose removal was interrupted. */
async function sweep(root: string): Promise<void> {
  const names = (await readdir(root).catch(() => [])).filter((name) => name.endsWith(REMOVED));
  for (const name of names) await rm(join(root, name), { recursive: true, force: true });
}
