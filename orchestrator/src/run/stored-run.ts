import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LoadsError, NODE_FILES, type NodeStop, RunDigest, type Summary, summarize, summarySchema } from '@loads/core';
import { FolderNodes } from '../launch/folder-nodes.ts';
import { nodeNumbers } from '../launch/launcher.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readNodeJson } from './node-files.ts';
import { nodeState } from './node-state.ts';

/** A run as its folder has it. */
export type StoredRun = {
  readonly folder: RunFolder;
  /** All nodes, merged; of a node that left no result, or a damaged one, why. */
  readonly nodes: RunDigest;
  /** As the run was judged; of one that was not, as it would be from what is there. */
  readonly summary: Summary;
  /** What a reader has to know: parts that are absent or damaged. */
  readonly notes: readonly string[];
};

/**
 * Reads a run with all that its nodes left. What is absent or damaged is a note; throws ERR_RUN_DAMAGED only when nothing is
 * there that was measured.
 */
export async function readStoredRun(folder: RunFolder): Promise<StoredRun> {
  const { run, plan, judging } = folder.record;
  const nodes = new RunDigest(plan);
  // One after the other: a thousand results at once do not fit into the memory.
  for (const node of nodeNumbers(plan.nodes)) nodes.add(await nodeState(node, folder.nodeDir(node)));
  const stored = await storedSummary(folder);
  const measured = nodes.nodes.some(({ result }) => result !== undefined);
  if (!measured && typeof stored === 'string') {
    const hint =
      'nodes leave their results every few seconds, and at the end; while a run works, `loads attach` shows it';
    throw new LoadsError('ERR_RUN_DAMAGED', `run ${run} has nothing that was measured: ${stored}`, { hint });
  }
  const missing = nodes.nodes.flatMap(({ node, result, lost }) =>
    result === undefined
      ? [{ node, note: `node ${node} has no result that can be read: ${lost ?? 'it is absent'}` }]
      : [],
  );
  if (typeof stored !== 'string') {
    // Of a node that was lost the verdict has said so.
    const known = new Set(stored.nodeRows.flatMap(({ node, state }) => (state === 'lost' ? [node] : [])));
    return {
      folder,
      nodes,
      summary: stored,
      notes: missing.flatMap(({ node, note }) => (known.has(node) ? [] : [note])),
    };
  }
  const stops = await Promise.all((await new FolderNodes(folder).look()).map((view) => stopOf(view)));
  const stopped = stops.some((stop) => stop !== undefined && stop.because === undefined);
  const aborted = stops.find((stop) => stop?.abort !== undefined)?.abort;
  const summary = summarize(plan, nodes, { run, ...judging, stopped, aborted });
  return {
    folder,
    nodes,
    summary,
    notes: [`${stored}: it is judged from what its nodes left`, ...missing.map(({ note }) => note)],
  };
}

/** The summary in a run's folder, or why there is none. */
export async function storedSummary(folder: RunFolder): Promise<Summary | string> {
  const text = await readFile(join(folder.path, 'summary.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return 'the run has no summary.json';
  try {
    return summarySchema.parse(JSON.parse(text));
  } catch {
    // Whatever it is, it is no summary.
    return 'summary.json is damaged';
  }
}

async function stopOf(view: Parameters<typeof readNodeJson>[0]): Promise<NodeStop | undefined> {
  return await readNodeJson<NodeStop>(view, NODE_FILES.stop).catch(() => undefined);
}
