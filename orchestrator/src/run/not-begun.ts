import { LoadsError, NODE_FILES, type ReportedError } from '@loads/core';
import type { NodeGroup } from '../launch/launcher.ts';
import { readNodeJson } from './node-files.ts';

/** What is known of the nodes of a run that did not begin, beside its error. */
export type NodeEnds = {
  /** Nodes that were killed before they had undone what was set up. */
  readonly killed: readonly number[];
  /** By node, how a process ended, as far as it is known from outside. */
  readonly reasons?: ReadonlyMap<number, string> | undefined;
};

/** What the user has to know of a run that did not begin, beside its error: why a process has gone, and what was not undone. */
export async function whatElse(
  nodes: Pick<NodeGroup, 'look'>,
  { killed, reasons }: NodeEnds,
): Promise<readonly string[]> {
  const hints: string[] = [];
  for (const view of await nodes.look()) {
    const failed = await readNodeJson<ReportedError>(view, NODE_FILES.failed);
    const reason = failed?.gone ? reasons?.get(view.node) : undefined;
    if (reason !== undefined) hints.push(`node ${view.node}: ${reason}`);
    // Of the one that failed by itself the error says it.
    if (failed?.code === 'ERR_STOPPED' && failed.hint !== undefined) hints.push(failed.hint);
  }
  const names = `node${killed.length === 1 ? '' : 's'} ${killed.join(', ')}`;
  return killed.length === 0 ? hints : [...hints, `${names} had to be killed: teardowns may not have run`];
}

/** The error of a run that did not begin, with what more its user has to know. */
export function withHint(error: unknown, more: readonly string[]): unknown {
  if (!(error instanceof LoadsError) || more.length === 0) return error;
  const { code, message, hint, cause } = error;
  const hints = new Set(hint === undefined ? more : [hint, ...more]);
  return new LoadsError(code, message, { hint: [...hints].join('; '), cause });
}
