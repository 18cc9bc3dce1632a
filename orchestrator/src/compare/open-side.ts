import { stat } from 'node:fs/promises';
import { LoadsError, type RunFigures, type Side } from '@loads/core';
import { plural } from '../console/format.ts';
import { hasLabels, parseLabelFilters } from '../metadata/label-filter.ts';
import { RunFolder } from '../store/run-folder.ts';
import { studyOf } from '../study/trial-labels.ts';
import { type OpenOptions, openFigures } from './open-figures.ts';

/** The runs of one side of a comparison, and what a reader has to know of them. */
export type OpenedSide = { readonly runs: Side; readonly notes: readonly string[] };

/**
 * Reads one side of a comparison: a run or a baseline as for `openFigures`, several of them with commas between, or all runs that
 * carry a label (`version=2`). Throws what `openFigures` throws.
 */
export async function openSide(text: string | undefined, options: OpenOptions): Promise<OpenedSide> {
  const names = text === undefined || (await exists(text)) ? [text] : await namesIn(text, options.root);
  const runs = new Map<string, RunFigures>();
  const notes: string[] = [];
  for (const name of names) {
    const opened = await openFigures(name, options);
    runs.set(opened.figures.run, opened.figures);
    notes.push(...opened.notes);
  }
  const [first, ...more] = runs.values();
  if (!first) throw new LoadsError('ERR_RUN_UNKNOWN', `'${text}' names no run`);
  return { runs: [first, ...more], notes };
}

/** What a reader has to know of two sides together. */
export function notesOfSides({ runs: a }: OpenedSide, { runs: b }: OpenedSide): readonly string[] {
  const both = a.filter(({ run }) => b.some((other) => other.run === run)).map(({ run }) => run);
  const several = `A is ${plural(a.length, 'run')}, B ${plural(b.length, 'run')}: a difference has to be certain between runs, too`;
  return [
    ...(both.length > 0
      ? [a.length + b.length === 2 ? 'both are the same run' : `on both sides: ${both.join(', ')}`]
      : []),
    ...(a.length + b.length > 2 ? [several] : []),
  ];
}

async function namesIn(text: string, root: string): Promise<readonly string[]> {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const names = await Promise.all(
    parts.map(async (part) => (part.includes('=') && !(await exists(part)) ? labelled(part, root) : [part])),
  );
  return names.flat();
}

/** The ids of the runs with a label; trials only where their own label is asked for. */
async function labelled(text: string, root: string): Promise<readonly string[]> {
  const filters = parseLabelFilters([text]);
  const found = (await RunFolder.all(root)).filter(({ record }) => {
    const study = studyOf(record);
    return hasLabels(record.labels, filters) && (!study || filters.some(({ name }) => name === study.kind));
  });
  if (found.length > 0) return found.map(({ record }) => record.run);
  throw new LoadsError('ERR_RUN_UNKNOWN', `no run below ${root} has the label ${text}`, {
    hint: 'labels are given to a run by `--label`',
  });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
