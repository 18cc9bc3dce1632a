import { readdir } from 'node:fs/promises';
import { LoadsError, type RunFigures, type Tolerance, type Trend, trendOf } from '@loads/core';
import { readStoredRun } from '../run/stored-run.ts';
import { RunFolder, type RunRecord } from '../store/run-folder.ts';
import { RUN_ID } from '../store/run-id.ts';
import { figuresOfRun } from './open-figures.ts';

export type TrendRequest = {
  /** The folder of all runs. */
  readonly root: string;
  /** The name that the runs share; undefined: that of the newest. */
  readonly name: string | undefined;
  /** The most runs, counted from the newest. */
  readonly last: number;
  readonly tolerance: Tolerance;
};

/**
 * Reads the newest runs of one name from the store, and how they follow each other. Trials of a sizing, a search or a matrix are
 * no part of it. Runs that cannot be read are left out, and told in the notes. Throws ERR_RUN_UNKNOWN when there is none of that name.
 */
export async function readTrend({ root, name, last, tolerance }: TrendRequest): Promise<{
  readonly trend: Trend;
  readonly notes: readonly string[];
}> {
  const all = await RunFolder.all(root);
  const folders = all.filter(({ record }) => !isTrial(record));
  const wanted = name ?? folders.at(-1)?.record.plan.name;
  const named = folders.filter(({ record }) => record.plan.name === wanted);
  if (wanted === undefined || named.length === 0) {
    const names = [...new Set(folders.map(({ record }) => record.plan.name))].sort();
    throw new LoadsError(
      'ERR_RUN_UNKNOWN',
      name === undefined ? `there is no run below ${root}` : `no run is called '${name}'`,
      {
        hint: names.length > 0 ? `there are runs of ${names.join(', ')}` : undefined,
      },
    );
  }
  const figures: RunFigures[] = [];
  const notes: string[] = [];
  for (const folder of named.slice(-last)) {
    try {
      const run = await readStoredRun(folder);
      figures.push(figuresOfRun(run));
      notes.push(...run.notes.map((note) => `${run.summary.run}: ${note}`));
    } catch (error) {
      if (!(error instanceof LoadsError)) throw error;
      notes.push(`${folder.record.run} is left out: ${error.message.replace(`run ${folder.record.run} `, 'it ')}`);
    }
  }
  const unreadable = (await readdir(root)).filter((one) => RUN_ID.test(one)).length - all.length;
  if (unreadable > 0) notes.push(`${unreadable} of the runs below ${root} cannot be read`);
  return { trend: trendOf(wanted, figures, tolerance), notes };
}

/** Whether it was one of several runs of one command, which labels them with its own id. */
function isTrial({ labels = {} }: RunRecord): boolean {
  return ['sizing', 'search', 'matrix'].some((name) => RUN_ID.test(labels[name] ?? ''));
}
