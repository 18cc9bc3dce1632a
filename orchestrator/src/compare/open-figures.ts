import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { figuresOf, LoadsError, type RunFigures, readBaseline } from '@loads/core';
import { readStoredRun, type StoredRun } from '../run/stored-run.ts';
import { openRun } from '../study/open-run.ts';
import { describeRun } from './describe-run.ts';

export type OpenOptions = {
  /** The folder of all runs. */
  readonly root: string;
  /** Takes runs that cannot be trusted, too. */
  readonly force: boolean;
};

/** What is to be compared, and what a reader has to know of it. */
export type OpenedFigures = { readonly figures: RunFigures; readonly notes: readonly string[] };

/**
 * Reads what is compared of a run (by its id, the beginning of its id, its folder, or without a name the newest), or of a
 * baseline file. Throws ERR_RUN_UNKNOWN, ERR_FILE_MISSING, ERR_RUN_DAMAGED, or ERR_RUN_INVALID for what was judged invalid.
 */
export async function openFigures(name: string | undefined, { root, force }: OpenOptions): Promise<OpenedFigures> {
  const file = name === undefined ? undefined : await stat(name).catch(() => undefined);
  if (name !== undefined && file?.isFile() && basename(name) !== 'run.json') {
    return checked({ figures: readBaseline(await readFile(name, 'utf8'), name), notes: [] }, force);
  }
  if (name?.endsWith('.json') && !file) {
    const hint = 'make it with `loads baseline save`';
    throw new LoadsError('ERR_FILE_MISSING', `there is no baseline ${name}`, { hint });
  }
  const run = await readStoredRun(await openRun(root, name));
  const absent = run.nodes.nodes.filter(({ result }) => result === undefined);
  const [first] = run.notes;
  if (absent.length > 0 && !force && first !== undefined) {
    throw new LoadsError('ERR_RUN_DAMAGED', `run ${run.summary.run} is not whole: ${run.notes.join('; ')}`, {
      hint: '`--force` compares what is left of it',
    });
  }
  return checked({ figures: figuresOfRun(run), notes: run.notes.map((note) => `${run.summary.run}: ${note}`) }, force);
}

/** What of a stored run is compared. */
export function figuresOfRun({ folder, summary, nodes: { series, timeline } }: StoredRun): RunFigures {
  return figuresOf({ plan: folder.record.plan, summary, series, timeline }, describeRun(folder.record));
}

/** Throws for a run that says nothing of the service. */
function checked(opened: OpenedFigures, force: boolean): OpenedFigures {
  const { run, outcome, parts } = opened.figures;
  if (parts.length === 0) throw new LoadsError('ERR_RUN_DAMAGED', `run ${run} has neither requests nor iterations`);
  if (outcome === 'invalid' && !force) {
    throw new LoadsError('ERR_RUN_INVALID', `run ${run} is INVALID: what it measured says nothing of the service`);
  }
  const how = outcome === 'invalid' ? 'is INVALID' : outcome === 'stopped' ? 'was stopped before its end' : undefined;
  return how === undefined ? opened : { ...opened, notes: [...opened.notes, `${run} ${how}`] };
}
