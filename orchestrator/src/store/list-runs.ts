import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LoadsError, type Outcome } from '@loads/core';
import { storedSummary } from '../run/stored-run.ts';
import { livingOf } from './living.ts';
import { RunFolder, type RunRecord } from './run-folder.ts';
import { idTimeMs, RUN_ID } from './run-id.ts';

/** A run of the store, as far as it can be read. */
export type ListedRun = {
  readonly run: string;
  readonly path: string;
  /** When it was made, epoch ms. */
  readonly createdAtMs: number;
  /** `working`: some process of it lives on this machine. */
  readonly state: 'working' | 'ended' | 'damaged';
  readonly record?: RunRecord | undefined;
  /** Its verdict; undefined until it has been judged, or where that cannot be read. */
  readonly outcome?: Outcome | undefined;
  /** What is wrong with it. */
  readonly problem?: string | undefined;
};

/** At a time: a store may have thousands, and a process may open so many files. */
const AT_ONCE = 16;

/** All runs below `root`, the newest first; a damaged one is named with what is wrong, and keeps no other from being shown. */
export async function listRuns(root: string): Promise<readonly ListedRun[]> {
  const names = (await readdir(root).catch(() => [])).filter((name) => RUN_ID.test(name)).sort();
  const runs: ListedRun[] = [];
  for (let i = 0; i < names.length; i += AT_ONCE) {
    runs.push(...(await Promise.all(names.slice(i, i + AT_ONCE).map((name) => lookAt(root, name)))));
  }
  return runs.reverse();
}

async function lookAt(root: string, name: string): Promise<ListedRun> {
  const path = join(root, name);
  const { nodes, owner } = await livingOf(path);
  const working = nodes.length > 0 || owner !== undefined;
  const found = { run: name, path, createdAtMs: idTimeMs(name) };
  try {
    const folder = await RunFolder.open(root, path);
    const { record } = folder;
    const createdAtMs = Date.parse(record.createdAt) || found.createdAtMs;
    return { ...found, createdAtMs, record, ...(await verdictOf(folder)), ...(working && { state: 'working' }) };
  } catch (error) {
    if (!(error instanceof LoadsError)) throw error;
    return { ...found, state: working ? 'working' : 'damaged', problem: error.message };
  }
}

/** One that nobody has judged has no summary, and is not damaged for that. */
async function verdictOf(folder: RunFolder): Promise<Pick<ListedRun, 'state' | 'outcome' | 'problem'>> {
  const judged = await access(join(folder.path, 'summary.json')).then(
    () => true,
    () => false,
  );
  if (!judged) return { state: 'ended' };
  const summary = await storedSummary(folder);
  return typeof summary === 'string'
    ? { state: 'damaged', problem: summary }
    : { state: 'ended', outcome: summary.outcome };
}
