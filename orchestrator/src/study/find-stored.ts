import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LoadsError } from '@loads/core';
import { listRuns } from '../store/list-runs.ts';
import { RunFolder } from '../store/run-folder.ts';
import { RUN_ID } from '../store/run-id.ts';
import { type ListedStudy, listStudies } from './list-studies.ts';
import { openRun } from './open-run.ts';
import { reportAt, reportFiles } from './report-files.ts';

/** What a name stands for: a run, or a search, matrix or sizing. */
export type Stored =
  | { readonly kind: 'run'; readonly path: string }
  | { readonly kind: 'study'; readonly study: ListedStudy };

/**
 * Finds a run (by its id, the beginning of its id, its folder) or a study (by its id, the beginning of that, its report).
 * Throws ERR_RUN_UNKNOWN.
 */
export async function findStored(root: string, name: string): Promise<Stored> {
  const isFile = (await stat(name).catch(() => undefined))?.isFile() === true;
  const report = isFile ? reportAt(name) : undefined;
  // One that was moved has its runs beside it, if anywhere.
  if (report) return await studyAt(join(dirname(dirname(resolve(report.path))), 'runs'), report.id);
  const runs = (await readdir(root).catch(() => [])).filter((one) => RUN_ID.test(one) && one.startsWith(name));
  const reported = (await reportFiles(root)).map(({ id }) => id).filter((id) => id.startsWith(name));
  // What was never finished is known by its runs alone: all of them have to be read.
  const studies = runs.length + reported.length > 0 ? reported : await unfinished(root, name);
  const all = [...runs, ...studies];
  if (studies.length === 0 || runs.includes(name)) return { kind: 'run', path: await RunFolder.locate(root, name) };
  const [only = ''] = all;
  if (all.length === 1 || studies.includes(name)) return await studyAt(root, studies.includes(name) ? name : only);
  throw new LoadsError(
    'ERR_RUN_UNKNOWN',
    `'${name}' begins the names of ${all.length} runs, searches, matrices or sizings`,
    {
      hint: `such as ${all.slice(-3).join(', ')}`,
    },
  );
}

/** What was begun last: a run that is no trial, or a study that left a report. Throws ERR_RUN_UNKNOWN. */
export async function newestStored(root: string): Promise<Stored> {
  const newest = (await reportFiles(root))
    .map(({ id }) => id)
    .sort()
    .at(-1);
  try {
    const { path } = await openRun(root, undefined);
    if (newest === undefined || basename(path) > newest) return { kind: 'run', path };
  } catch (error) {
    if (newest === undefined || !(error instanceof LoadsError)) throw error;
  }
  return await studyAt(root, newest);
}

async function studyAt(root: string, id: string): Promise<Stored> {
  const study = (await listStudies(root, await listRuns(root))).find((one) => one.id === id);
  if (!study) throw new LoadsError('ERR_RUN_UNKNOWN', `there is no run '${id}'`);
  return { kind: 'study', study };
}

async function unfinished(root: string, name: string): Promise<readonly string[]> {
  const studies = await listStudies(root, await listRuns(root));
  return studies.map(({ id }) => id).filter((id) => id.startsWith(name));
}
