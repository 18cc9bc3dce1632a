import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LoadsError, type RunPlan, type Summary } from '@loads/core';

/** What the folder says of its run, apart from what the nodes leave. */
export type RunRecord = {
  readonly version: 1;
  readonly run: string;
  readonly plan: RunPlan;
  readonly launcher: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly judging: Judging;
};

/** How the user wants the run to be judged. */
export type Judging = { readonly tolerateLostNodes: boolean; readonly failAt?: number | undefined };

const RECORD = 'run.json';
const SUMMARY = 'summary.json';

/** A run's folder: its record, a folder for each node, and the summary at the end. It can be moved as a whole. */
export class RunFolder {
  readonly path: string;
  readonly record: RunRecord;

  private constructor(path: string, record: RunRecord) {
    this.path = path;
    this.record = record;
  }

  /** Makes the folder of a new run, with a folder for each of its nodes. */
  static async create(root: string, record: RunRecord): Promise<RunFolder> {
    const folder = new RunFolder(join(root, record.run), record);
    for (let node = 1; node <= record.plan.nodes; node++) await mkdir(folder.nodeDir(node), { recursive: true });
    await writeFile(join(folder.path, RECORD), `${JSON.stringify(record, undefined, 2)}\n`);
    return folder;
  }

  /**
   * Opens a run by its path, its id, the beginning of its id, or, without a name, the newest below `root`. Throws
   * ERR_RUN_UNKNOWN or, when its record cannot be read, ERR_RUN_DAMAGED.
   */
  static async open(root: string, name: string | undefined): Promise<RunFolder> {
    const path = await findRun(root, name);
    let record: RunRecord;
    try {
      record = JSON.parse(await readFile(join(path, RECORD), 'utf8')) as RunRecord;
    } catch (cause) {
      throw new LoadsError('ERR_RUN_DAMAGED', `${basename(path)}: ${RECORD} cannot be read`, { cause });
    }
    if (record.version !== 1)
      throw new LoadsError('ERR_RUN_DAMAGED', `${basename(path)} was made by another version of loads`);
    return new RunFolder(path, record);
  }

  nodeDir(node: number): string {
    return join(this.path, 'nodes', String(node));
  }

  /** Stores the summary, whole or not at all. */
  async writeSummary(summary: Summary): Promise<string> {
    const path = join(this.path, SUMMARY);
    await writeFile(`${path}.part`, `${JSON.stringify(summary, undefined, 2)}\n`);
    await rename(`${path}.part`, path);
    return path;
  }
}

async function findRun(root: string, name: string | undefined): Promise<string> {
  if (name !== undefined && (await isRun(resolve(name)))) return resolve(name);
  const runs = (await readdir(root).catch(() => [])).sort();
  const matches = name === undefined ? runs.slice(-1) : runs.filter((run) => run.startsWith(name));
  const exact = matches.find((run) => run === name);
  const [only, ...more] = exact === undefined ? matches : [exact];
  if (only !== undefined && more.length === 0) return join(root, only);
  if (only !== undefined)
    throw new LoadsError('ERR_RUN_UNKNOWN', `'${name}' begins the names of ${matches.length} runs`);
  throw new LoadsError(
    'ERR_RUN_UNKNOWN',
    name === undefined ? `there is no run below ${root}` : `there is no run '${name}'`,
  );
}

async function isRun(path: string): Promise<boolean> {
  const found = await stat(join(path, RECORD)).catch(() => undefined);
  return found !== undefined;
}
