import { readdir } from 'node:fs/promises';
import { LoadsError, type RunFigures, type Tolerance, type Trend, trendOf } from '@loads/core';
import { hasLabels, type LabelFilter } from '../metadata/label-filter.ts';
import { readStoredRun } from '../run/stored-run.ts';
import { RunFolder, type RunRecord } from '../store/run-folder.ts';
import { RUN_ID } from '../store/run-id.ts';
import { studyOf } from '../study/trial-labels.ts';
import { figuresOfRun } from './open-figures.ts';

export type TrendRequest = {
  /** The folder of all runs. */
  readonly root: string;
  /** The name that the runs share; undefined: that of the newest. */
  readonly name: string | undefined;
  /** The most runs, counted from the newest. */
  readonly last: number;
  readonly tolerance: Tolerance;
  /** Labels that they have to carry. */
  readonly labels: readonly LabelFilter[];
};

/**
 * Reads the newest runs of one name from the store, and how they follow each other. Trials of a search, a matrix or a sizing are
 * no part of it unless a label of that name is asked for. What is left out is told in the notes. Throws ERR_RUN_UNKNOWN when there
 * is none of that name and those labels.
 */
export async function readTrend({ root, name, last, tolerance, labels }: TrendRequest): Promise<{
  readonly trend: Trend;
  readonly notes: readonly string[];
}> {
  const all = await RunFolder.all(root);
  const labelled = all.filter(({ record }) => hasLabels(record.labels, labels));
  const folders = labelled.filter(({ record }) => isMeant(record, labels));
  const wanted = name ?? folders.at(-1)?.record.plan.name;
  const named = folders.filter(({ record }) => record.plan.name === wanted);
  if (wanted === undefined || named.length === 0) throw unknown(root, name, { all, labelled, folders }, labels);
  const figures: RunFigures[] = [];
  const trials = labelled.filter(({ record }) => record.plan.name === wanted).length - named.length;
  const notes: string[] = trials === 0 ? [] : [leftOut(trials)];
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

/** An ordinary run is, and a trial where runs of such studies are asked for. */
function isMeant(record: RunRecord, labels: readonly LabelFilter[]): boolean {
  const study = studyOf(record);
  return study === undefined || labels.some(({ name }) => name === study.kind);
}

function leftOut(trials: number): string {
  const what = trials === 1 ? 'run of a search, a matrix or a sizing is' : 'runs of searches, matrices and sizings are';
  return `${trials} ${what} left out: \`--label search\`, \`matrix\` or \`sizing\` shows them`;
}

type Found = Readonly<Record<'all' | 'labelled' | 'folders', readonly RunFolder[]>>;

function unknown(
  root: string,
  name: string | undefined,
  { all, labelled, folders }: Found,
  labels: readonly LabelFilter[],
): LoadsError {
  const names = [...new Set(folders.map(({ record }) => record.plan.name))].sort();
  const asked = labels.map(({ name: label, value }) => (value === undefined ? label : `${label}=${value}`)).join(', ');
  const carrying = asked === '' ? '' : ` with the label ${asked}`;
  const message =
    name !== undefined
      ? `no run${carrying} is called '${name}'`
      : all.length === 0 || asked !== ''
        ? `there is no run${carrying} below ${root}`
        : `below ${root} are only runs of searches, matrices and sizings`;
  const hint = names.length > 0 ? `there are runs of ${names.join(', ')}` : undefined;
  const trials = labelled.length - folders.length;
  return new LoadsError('ERR_RUN_UNKNOWN', message, { hint: hint ?? (trials > 0 ? leftOut(trials) : undefined) });
}
