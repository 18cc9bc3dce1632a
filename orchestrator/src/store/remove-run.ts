import { rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LoadsError } from '@loads/core';
import { isAlive, killGroup } from '../launch/process-identity.ts';
import { type Living, livingOf } from './living.ts';

/** A run that is to go. With `force` its processes are ended before. */
export type StoredPlace = { readonly path: string; readonly force: boolean };

/** What a folder is called while it is being removed: it is no run any more. */
export const REMOVED = '.removed';

/** How long a command may take to judge a run of which all nodes were ended, ms. */
const OWNER_MS = 15_000;
const POLL_MS = 50;

/** Who works on a run. Throws ERR_USAGE when somebody does and it is not to be forced. */
export async function workOf({ path, force }: StoredPlace): Promise<Living> {
  const living = await livingOf(path);
  if (force || (living.nodes.length === 0 && !living.owner)) return living;
  const run = basename(path);
  const hint = `\`loads stop ${run}\` ends it, \`loads rm --force ${run}\` ends and removes it`;
  throw new LoadsError('ERR_USAGE', `run ${run} still works`, { hint });
}

/** Removes the folder of a run, whole or, from the view of other commands, not at all. Gives its name. Throws ERR_USAGE. */
export async function removeRunFolder(place: StoredPlace): Promise<string> {
  const { path } = place;
  const run = basename(path);
  await endProcesses(run, await workOf(place));
  try {
    await rename(path, `${path}${REMOVED}`);
    await rm(`${path}${REMOVED}`, { recursive: true, force: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LoadsError('ERR_USAGE', `run ${run} cannot be removed: ${why}`, {
      cause,
      hint: 'look who owns its files',
    });
  }
  return run;
}

/** Ends the nodes, and lets the command that watches them come to its end by itself. */
async function endProcesses(run: string, { nodes, owner }: Living): Promise<void> {
  await Promise.all(nodes.map((node) => killGroup(node)));
  const deadline = performance.now() + OWNER_MS;
  while (owner && (await isAlive(owner))) {
    if (performance.now() > deadline) {
      const hint = `end it (process ${owner.pid}), and remove the run again`;
      throw new LoadsError('ERR_USAGE', `the command that launched ${run} still works`, { hint });
    }
    await sleep(POLL_MS);
  }
}
