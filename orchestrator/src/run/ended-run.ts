import { LoadsError, type Summary } from '@loads/core';
import { livingOf } from '../store/living.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readStoredRun, type StoredRun, storedSummary } from './stored-run.ts';

/**
 * Reads a run that has ended, with all that its nodes left. Throws ERR_USAGE while it works, and ERR_RUN_DAMAGED when
 * nothing is there that was measured.
 */
export async function readEndedRun(folder: RunFolder): Promise<StoredRun> {
  if (typeof (await storedSummary(folder)) === 'string') await refuseWorking(folder);
  return await readStoredRun(folder);
}

/** Its summary alone; of a run that was not judged, as it would be. */
export async function readEndedSummary(folder: RunFolder): Promise<Pick<StoredRun, 'summary' | 'notes'>> {
  const summary: Summary | string = await storedSummary(folder);
  if (typeof summary !== 'string') return { summary, notes: [] };
  await refuseWorking(folder);
  return await readStoredRun(folder);
}

/** What a run is that still works nobody knows: its nodes would count as lost. */
async function refuseWorking({ path, record: { run } }: RunFolder): Promise<void> {
  const { nodes, owner } = await livingOf(path);
  if (nodes.length === 0 && !owner) return;
  throw new LoadsError('ERR_USAGE', `run ${run} still works`, { hint: `\`loads attach ${run}\` shows how it goes` });
}
