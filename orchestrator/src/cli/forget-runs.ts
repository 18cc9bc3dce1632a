import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LoadsError } from '@loads/core';
import { plural } from '../console/format.ts';
import { type ListedRun, listRuns } from '../store/list-runs.ts';
import { REMOVED, removeRunFolder } from '../store/remove-run.ts';
import { type ListedStudy, listStudies } from '../study/list-studies.ts';
import { removeStudy } from '../study/remove-study.ts';
import { STUDY_KINDS } from '../study/study.ts';
import type { Terminal } from './terminal.ts';

type Teller = Pick<Terminal, 'result' | 'warn'>;

export type Forgetting = {
  /** So many of each stay: of the runs, the searches, the matrices, and the sizings. */
  readonly newest: number;
  readonly dryRun: boolean;
  /** What works in containers. */
  readonly working: ReadonlySet<string>;
};

/**
 * Removes the runs below `root` that have ended, but for the newest ones; damaged ones are runs, too. Searches, matrices and
 * sizings are counted by themselves, and go and stay with their runs. What still works neither goes nor counts. Gives how many
 * went, or would.
 */
export async function forgetRuns(root: string, forgetting: Forgetting, terminal: Teller): Promise<number> {
  const { newest, dryRun, working } = forgetting;
  const works = ({ run, state }: ListedRun): boolean => state === 'working' || working.has(run);
  const runs = await listRuns(root);
  const studies = await listStudies(root, runs);
  const trials = new Set(studies.flatMap((study) => study.trials.map(({ run }) => run)));
  const ordinary = runs.filter((run) => !trials.has(run.run) && !works(run));
  const ended = studies.filter((study) => study.state !== 'working' && !study.trials.some(works));
  const oldStudies = STUDY_KINDS.flatMap((kind) => ended.filter((one) => one.kind === kind).slice(newest));
  let gone = 0;
  // The oldest first: whoever interrupts this keeps the newer ones.
  for (const run of ordinary.slice(newest).reverse()) gone += await forgetRun(run, dryRun, terminal);
  for (const study of oldStudies.reverse()) gone += await forgetStudy(study, dryRun, terminal);
  if (!dryRun) await sweep(root);
  return gone;
}

async function forgetRun({ run, path }: ListedRun, dryRun: boolean, terminal: Teller): Promise<number> {
  if (!(await isDone(dryRun, () => removeRunFolder({ path, force: false }), terminal))) return 0;
  const json = { type: 'removed', run, dryRun: dryRun || undefined };
  terminal.result([`${dryRun ? 'would remove' : 'removed'} ${run}`], json);
  return 1;
}

async function forgetStudy(study: ListedStudy, dryRun: boolean, terminal: Teller): Promise<number> {
  if (!(await isDone(dryRun, () => removeStudy(study, false), terminal))) return 0;
  const { text, json } = removalOf(study);
  terminal.result([`${dryRun ? 'would remove' : 'removed'} ${text}`], { ...json, dryRun: dryRun || undefined });
  return 1;
}

/** How the removal of a study is told. */
export function removalOf({ kind, id, trials }: ListedStudy): {
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
} {
  const text = `${kind} ${id} with ${plural(trials.length, 'run')}`;
  return { text, json: { type: 'removed', run: id, kind, runs: trials.map(({ run }) => run) } };
}

/** Whether it was removed, or would be. Of what cannot be removed the user is told, and the rest goes on. */
async function isDone(dryRun: boolean, remove: () => Promise<unknown>, terminal: Teller): Promise<boolean> {
  try {
    if (!dryRun) await remove();
    return true;
  } catch (error) {
    if (!(error instanceof LoadsError)) throw error;
    terminal.warn(error.message);
    return false;
  }
}

/** Removes what is left of runs whose removal was interrupted. */
async function sweep(root: string): Promise<void> {
  const names = (await readdir(root).catch(() => [])).filter((name) => name.endsWith(REMOVED));
  for (const name of names) await rm(join(root, name), { recursive: true, force: true });
}
