import { LoadsError } from '@loads/core';
import { livingOf } from '../store/living.ts';
import { removeRunFolder, workOf } from '../store/remove-run.ts';
import type { ListedStudy } from './list-studies.ts';
import { removeReport } from './report-files.ts';

/**
 * Refuses a study of which a run still works, unless by force; and one whose command lives, since it would make the next run.
 * Throws ERR_USAGE.
 */
export async function refuseWorkingStudy({ kind, id, trials }: ListedStudy, force: boolean): Promise<void> {
  for (const { path } of trials) {
    const { owner } = await livingOf(path);
    if (owner) {
      const hint = `end it with Ctrl-C, or \`kill -INT ${owner.pid}\``;
      throw new LoadsError('ERR_USAGE', `the command of ${kind} ${id} still works`, { hint });
    }
    await workOf({ path, force });
  }
}

/** Removes a study: its runs, and then its report, so that an interrupted removal can be repeated. Throws ERR_USAGE. */
export async function removeStudy(study: ListedStudy, force: boolean): Promise<void> {
  await refuseWorkingStudy(study, force);
  for (const { path } of study.trials) await removeRunFolder({ path, force });
  await removeReport(study);
}
