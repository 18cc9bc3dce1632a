import { NODE_FILES, type NodeStop } from '@loads/core';
import type { NodeFiles } from './node-files.ts';

/**
 * What to say of a node that a signal ended, and nobody who watches the run: an engine or a machine that goes down. Its
 * figures are sound, but not those of the run that was asked for.
 */
export async function endedFromOutside(
  files: NodeFiles,
  signal: AbortSignal,
  node: number,
  elapsedMs: number | undefined,
): Promise<readonly string[]> {
  if (!signal.aborted || (await files.read<NodeStop>(NODE_FILES.stop))) return [];
  const when = elapsedMs === undefined ? '' : ` ${(elapsedMs / 1000).toFixed(1)} s after the start`;
  return [
    `node ${node} was ended from outside${when}: its engine or its machine went down, or its sidecar was stopped`,
  ];
}
