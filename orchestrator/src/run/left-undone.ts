import { LoadsError, NODE_FILES, type ReportedError } from '@loads/core';
import type { NodeGroup } from '../launch/launcher.ts';
import { readNodeJson } from './node-files.ts';

/**
 * What was not undone of a run that did not begin, for its user: nodes that were `killed` before they could, and what went
 * wrong on those that were told to stop.
 */
export async function leftUndone(nodes: NodeGroup, killed: readonly number[]): Promise<readonly string[]> {
  const failed = await Promise.all(
    (await nodes.look()).map((view) => readNodeJson<ReportedError>(view, NODE_FILES.failed)),
  );
  // Of the one that failed by itself the error says it.
  const hints = failed.flatMap((one) => (one?.code === 'ERR_STOPPED' && one.hint !== undefined ? [one.hint] : []));
  const names = `node${killed.length === 1 ? '' : 's'} ${killed.join(', ')}`;
  const unsure = `${names} had to be killed: teardowns may not have run`;
  return killed.length === 0 ? hints : [...hints, unsure];
}

/** The error of a run that did not begin, with what more its user has to know. */
export function withHint(error: unknown, more: readonly string[]): unknown {
  if (!(error instanceof LoadsError) || more.length === 0) return error;
  const { code, message, hint, cause } = error;
  const hints = new Set(hint === undefined ? more : [hint, ...more]);
  return new LoadsError(code, message, { hint: [...hints].join('; '), cause });
}
