import { readdir } from 'node:fs/promises';
import { LoadsError } from '@loads/core';
import { RunFolder } from '../store/run-folder.ts';
import { RUN_ID } from '../store/run-id.ts';
import { reportFiles } from './report-files.ts';
import { studyOf } from './trial-labels.ts';

/**
 * Opens a run to look at: as `RunFolder.open`, but that the newest is the newest that is no trial of a search, a matrix or
 * a sizing. Throws ERR_RUN_UNKNOWN, which says so when that is what was named, and ERR_RUN_DAMAGED.
 */
export async function openRun(root: string, name: string | undefined): Promise<RunFolder> {
  if (name !== undefined) return await openNamed(root, name);
  const runs = (await readdir(root).catch(() => [])).filter((one) => RUN_ID.test(one)).sort();
  for (const run of runs.toReversed()) {
    const folder = await RunFolder.open(root, run);
    if (!studyOf(folder.record)) return folder;
  }
  if (runs.length === 0) return await RunFolder.open(root, undefined);
  throw new LoadsError('ERR_RUN_UNKNOWN', `below ${root} are only runs of searches, matrices and sizings`, {
    hint: 'name one of them: `loads show` has their list',
  });
}

async function openNamed(root: string, name: string): Promise<RunFolder> {
  try {
    return await RunFolder.open(root, name);
  } catch (error) {
    const study = (await reportFiles(root)).find(({ id }) => id === name || (name.length > 0 && id.startsWith(name)));
    if (!(error instanceof LoadsError) || error.code !== 'ERR_RUN_UNKNOWN' || !study) throw error;
    throw new LoadsError('ERR_RUN_UNKNOWN', `'${study.id}' is no run: it is a ${study.kind} of several`, {
      hint: `\`loads show ${study.id}\` lists them`,
    });
  }
}
