import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROCESSES, readProcesses } from '../launch/node-processes.ts';
import { isAlive, isIdentity, type ProcessIdentity } from '../launch/process-identity.ts';

/** Who works on a run on this machine. */
export type Living = {
  /** Processes of its nodes. */
  readonly nodes: readonly ProcessIdentity[];
  /** The command that launched it, and has yet to judge it. */
  readonly owner: ProcessIdentity | undefined;
};

/**
 * Looks for the processes of a run that live, by what its folder says, however little of that can be read. Of a folder that
 * came from another machine, or from before the last boot, none does.
 */
export async function livingOf(path: string): Promise<Living> {
  const numbers = await readdir(join(path, 'nodes')).catch(() => []);
  const texts = await Promise.all(numbers.map((node) => readText(join(path, 'nodes', node, PROCESSES))));
  const identities = texts.flatMap((text) => {
    const processes = text === undefined ? undefined : readProcesses(text);
    return processes ? [processes.sidecar, ...(processes.scenario ? [processes.scenario] : [])] : [];
  });
  const alive = await Promise.all(identities.map((one) => isAlive(one)));
  const owner = ownerIn(await readText(join(path, 'run.json')));
  return {
    nodes: identities.filter((_, i) => alive[i]),
    owner: owner && (await isAlive(owner)) ? owner : undefined,
  };
}

function ownerIn(text: string | undefined): ProcessIdentity | undefined {
  try {
    const record: unknown = JSON.parse(text ?? 'null');
    const owner = typeof record === 'object' && record !== null && 'owner' in record ? record.owner : undefined;
    return isIdentity(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined);
}
