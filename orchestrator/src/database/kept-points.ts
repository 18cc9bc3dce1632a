import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gunzip } from 'node:zlib';
import { NODE_FILES, SPOOL_FOLDER } from '@loads/core';
import { batchFiles } from '@loads/vaurien';

/** In a run's folder: the points of the run as a whole. */
export const RUN_POINTS = 'points.lp';

/** A file of a run with points that the database may not have, and how to read its lines. */
export type KeptPoints = { readonly file: string; lines(): Promise<readonly string[]> };

/**
 * The files with points that a run keeps, in the order in which they were made: of each node what the database did not
 * take (also of one that was killed), and then those of the run as a whole.
 */
export async function keptPoints(folder: string): Promise<readonly KeptPoints[]> {
  const nodes = (await namesIn(join(folder, 'nodes'))).toSorted((a, b) => Number(a) - Number(b));
  const files: KeptPoints[] = [];
  for (const node of nodes) {
    const dir = join(folder, 'nodes', node);
    if ((await namesIn(dir)).includes(NODE_FILES.points)) files.push(compressed(join(dir, NODE_FILES.points)));
    const spool = join(dir, SPOOL_FOLDER);
    for (const name of await batchFiles(spool).catch(() => [])) files.push(plain(join(spool, name)));
  }
  if ((await namesIn(folder)).includes(RUN_POINTS)) files.push(plain(join(folder, RUN_POINTS)));
  return files;
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return await readdir(dir).catch(() => []);
}

function plain(file: string): KeptPoints {
  return { file, lines: async () => linesOf(await readFile(file)) };
}

function compressed(file: string): KeptPoints {
  // One that was cut off while it was written gives what can be read of it.
  const options = { finishFlush: constants.Z_SYNC_FLUSH };
  return { file, lines: async () => linesOf(await promisify(gunzip)(await readFile(file), options)) };
}

function linesOf(text: Buffer): readonly string[] {
  return text
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}
