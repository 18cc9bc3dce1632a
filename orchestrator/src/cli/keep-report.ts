import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Keeps what came of several runs as `.loads/FOLDER/ID.json`, beside the runs themselves. Gives its path. */
export async function keepReport(folder: string, id: string, report: unknown): Promise<string> {
  const root = join('.loads', folder);
  await mkdir(root, { recursive: true });
  const path = resolve(root, `${id}.json`);
  await writeFile(path, `${JSON.stringify(report, undefined, 2)}\n`);
  return path;
}
