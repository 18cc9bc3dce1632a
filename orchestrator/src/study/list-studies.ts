import { dirname, join } from 'node:path';
import { LoadsError } from '@loads/core';
import type { ListedRun } from '../store/list-runs.ts';
import { idTimeMs } from '../store/run-id.ts';
import { readReport, runsOf, verdictOf } from './read-report.ts';
import { type ReportFile, reportFiles } from './report-files.ts';
import { STUDY_FOLDERS, type StudyName } from './study.ts';
import { studyOf } from './trial-labels.ts';

/** A search, a matrix or a sizing of the store, as far as it can be read. */
export type ListedStudy = ReportFile & {
  /** When it was begun, epoch ms. */
  readonly createdAtMs: number;
  /** `working`: its command lives. `unfinished`: it ended without a report, as by a kill. */
  readonly state: 'working' | 'ended' | 'unfinished' | 'damaged';
  /** Those of its runs that are still there, the newest first. */
  readonly trials: readonly ListedRun[];
  /** In a few words; undefined without a report. */
  readonly verdict?: string | undefined;
  readonly problem?: string | undefined;
};

/**
 * All studies beside the folder of all runs, the newest first: those that left a report, and those of which there are only
 * runs. A run belongs to the study that it is labelled with, or whose report names it.
 */
export async function listStudies(root: string, runs: readonly ListedRun[]): Promise<readonly ListedStudy[]> {
  const reported = await reportFiles(root);
  const labelled = Map.groupBy(runs, ({ record }) => {
    const study = record && studyOf(record);
    return study && keyOf(study);
  });
  const byName = new Map(runs.map((run) => [run.run, run]));
  const known = new Set(reported.map(keyOf));
  const studies: ListedStudy[] = [];
  for (const file of reported) studies.push(await lookAt(file, labelled.get(keyOf(file)) ?? [], byName));
  for (const [key, trials] of labelled) {
    const [first] = trials;
    const study = first?.record && studyOf(first.record);
    if (!study || known.has(key ?? '')) continue;
    const path = join(dirname(root), STUDY_FOLDERS[study.kind], `${study.id}.json`);
    const state = isWorking(trials) ? 'working' : 'unfinished';
    studies.push({ ...study, path, createdAtMs: idTimeMs(study.id), state, trials });
  }
  return studies.sort((a, b) => (a.id < b.id ? 1 : -1));
}

async function lookAt(
  file: ReportFile,
  labelled: readonly ListedRun[],
  byName: ReadonlyMap<string, ListedRun>,
): Promise<ListedStudy> {
  const found = { ...file, createdAtMs: idTimeMs(file.id) };
  try {
    const study = await readReport(file);
    const pointedTo = runsOf(study).flatMap((run) => byName.get(run) ?? []);
    const trials = [...new Set([...labelled, ...pointedTo])].sort((a, b) => (a.run < b.run ? 1 : -1));
    return { ...found, state: isWorking(trials) ? 'working' : 'ended', trials, verdict: verdictOf(study) };
  } catch (error) {
    if (!(error instanceof LoadsError)) throw error;
    return { ...found, state: isWorking(labelled) ? 'working' : 'damaged', trials: labelled, problem: error.message };
  }
}

function isWorking(trials: readonly ListedRun[]): boolean {
  return trials.some(({ state }) => state === 'working');
}

function keyOf({ kind, id }: StudyName): string {
  return `${kind}/${id}`;
}
