import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endMeaning, LoadsError, NODE_FILES, type NodeState, type ProgramExit } from '@loads/core';
import { lastOutput } from '@loads/vaurien';
import { readNodeResult } from './node-files.ts';

/** What the scenario process of a node has written. */
const LOG = 'scenario.log';

/**
 * What a node left in its folder, and why it counts as lost if it does: a file that is absent or damaged, or a result that is no
 * final one. `why` is known of it from outside.
 */
export async function nodeState(node: number, dir: string, why?: string | undefined): Promise<NodeState> {
  const because = why === undefined ? '' : ` (${why})`;
  try {
    const left = await readNodeResult(node, dir);
    if (!left) return { node, lost: `it ended before it left a result${because}` };
    // Of a program whose sidecar nobody told, the exit code is known now.
    const result = { ...left, commandExit: left.commandExit ?? (await readExit(dir))?.code };
    if (!result.final) {
      const until = new Date(result.endedAtMs).toISOString().slice(11, 19);
      return { node, result, lost: `its sidecar ended early; what is kept ends at ${until} UTC${because}` };
    }
    if (result.scenario === 'lost') {
      const output = await lastOutput(join(dir, LOG));
      const meaning = endMeaning(left.processEnd ?? {}, output);
      const how = meaning === undefined ? '' : `: ${meaning}`;
      const where = output === '' ? '' : `; its output is in nodes/${node}/${LOG}`;
      return { node, result, lost: `its scenario process ended early${because}${how}${where}` };
    }
    return { node, result };
  } catch (error) {
    if (!(error instanceof LoadsError)) throw error;
    return { node, lost: error.message };
  }
}

async function readExit(dir: string): Promise<ProgramExit | undefined> {
  const text = await readFile(join(dir, NODE_FILES.exit), 'utf8').catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as ProgramExit);
  } catch (cause) {
    throw new LoadsError('ERR_RUN_DAMAGED', `its ${NODE_FILES.exit} is damaged`, { cause });
  }
}
