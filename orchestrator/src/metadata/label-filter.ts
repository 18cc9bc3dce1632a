import { LoadsError } from '@loads/core';
import { isLabelName } from './labels.ts';

/** A label that runs have to carry: with this value, or with any. */
export type LabelFilter = { readonly name: string; readonly value?: string | undefined };

/** Reads filters as they are on the command line, `version=2` or `version`, as Docker's. Throws ERR_USAGE. */
export function parseLabelFilters(texts: readonly string[]): readonly LabelFilter[] {
  return texts.map((text) => {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (!isLabelName(name))
      throw new LoadsError('ERR_USAGE', `--label '${text.slice(0, 80)}' is no name or name=value`, {
        hint: 'write it like `version=2`, or `search` for any value',
      });
    return equals < 0 ? { name } : { name, value: text.slice(equals + 1).trim() };
  });
}

/** Whether a run carries all of these. */
export function hasLabels(labels: Readonly<Record<string, string>> = {}, filters: readonly LabelFilter[]): boolean {
  return filters.every(({ name, value }) => {
    const own = Object.hasOwn(labels, name) ? labels[name] : undefined;
    return value === undefined ? own !== undefined : own === value;
  });
}
