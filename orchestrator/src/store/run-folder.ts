import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { LoadsError, type RunPlan, type Summary } from '@loads/core';
import type { ProcessIdentity } from '../launch/process-identity.ts';
import { recordSchema } from './record-schema.ts';
import { RUN_ID } from './run-id.ts';
import type { RunMetadata } from './run-metadata.ts';
import { summaryJson } from './summary-json.ts';

/** What the folder says of its run, apart from what the nodes leave. */
export type RunRecord = {
  readonly version: 1;
  readonly run: string;
  readonly plan: RunPlan;
  readonly launcher: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly judging: Judging;
  /** Where the nodes' programs run, on this machine, when it is not where `loads` was called. */
  readonly directory?: string | undefined;
  /** The process that launched it, which judges it at its end unless it is gone. */
  readonly owner?: ProcessIdentity | undefined;
  /** Of a run in containers: the engines, and whether a foreign image is the scenario. */
  readonly docker?: { readonly hosts: readonly string[]; readonly foreign: boolean } | undefined;
  /** What the user wants to know it by: `--label version=2`. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** How `loads` was called, without secrets. */
  readonly commandLine?: readonly string[] | undefined;
  /** What it was made with and of. */
  readonly metadata?: RunMetadata | undefined;
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
    try {
      for (let node = 1; node <= record.plan.nodes; node++)
        await mkdir(folder.nodeDir(node), { recursive: true, mode: 0o700 });
    } catch (cause) {
      const hint = 'runs are kept in .loads of the current folder: go where you may write';
      throw new LoadsError('ERR_USAGE', `${folder.path} cannot be made`, { hint, cause });
    }
    // The plan has the tokens of databases and proxies.
    await writeFile(join(folder.path, RECORD), `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
    return folder;
  }

  /**
   * Opens a run by its path, its id, the beginning of its id, or, without a name, the newest below `root`. Throws
   * ERR_RUN_UNKNOWN or, when its record cannot be read, ERR_RUN_DAMAGED.
   */
  static async open(root: string, name: string | undefined): Promise<RunFolder> {
    const path = await findRun(root, name);
    const text = await readFile(join(path, RECORD), 'utf8').catch((cause: unknown) => {
      throw new LoadsError('ERR_RUN_DAMAGED', `${basename(path)}: ${RECORD} cannot be read`, { cause });
    });
    return new RunFolder(path, parseRecord(text, basename(path)));
  }

  /** Where a run is, named as for `open`; its record may be damaged. Throws ERR_RUN_UNKNOWN. */
  static async locate(root: string, name: string | undefined): Promise<string> {
    return await findRun(root, name);
  }

  /** The runs below `root`, the oldest first; those whose record cannot be read are left out. */
  static async all(root: string): Promise<readonly RunFolder[]> {
    const names = (await readdir(root).catch(() => [])).filter((name) => RUN_ID.test(name)).sort();
    const folders = await Promise.all(names.map((name) => RunFolder.open(root, name).catch(() => undefined)));
    return folders.flatMap((folder) => (folder ? [folder] : []));
  }

  nodeDir(node: number): string {
    return join(this.path, 'nodes', String(node));
  }

  /** Stores the summary, whole or not at all. */
  async writeSummary(summary: Summary): Promise<string> {
    const path = join(this.path, SUMMARY);
    await writeFile(`${path}.part`, `${summaryJson(summary, 2)}\n`);
    await rename(`${path}.part`, path);
    return path;
  }
}

/** Reads the record of a run. Throws ERR_RUN_DAMAGED, with the name that the run goes by. */
export function parseRecord(text: string, name: string): RunRecord {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new LoadsError('ERR_RUN_DAMAGED', `${name}: ${RECORD} cannot be read`, { cause });
  }
  const record = recordSchema.safeParse(content);
  if (record.success) return content as RunRecord;
  const other = record.error.issues.some(({ path: [key] }) => key === 'version');
  const problem = other ? 'was made by another version of loads' : `has no record of a run in ${RECORD}`;
  throw new LoadsError('ERR_RUN_DAMAGED', `${name} ${problem}`);
}

async function findRun(root: string, name: string | undefined): Promise<string> {
  if (name !== undefined && (await isRun(resolve(name)))) return resolve(name);
  const runs = (await readdir(root).catch(() => [])).sort();
  if (name === undefined) {
    const newest = runs.findLast((run) => RUN_ID.test(run));
    if (newest !== undefined) return join(root, newest);
    throw new LoadsError('ERR_RUN_UNKNOWN', `there is no run below ${root}`);
  }
  const matches = runs.includes(name) ? [name] : runs.filter((run) => run.startsWith(name));
  const [only, ...more] = matches;
  if (only === undefined) throw new LoadsError('ERR_RUN_UNKNOWN', `there is no run '${name}'`);
  if (more.length === 0) return join(root, only);
  throw new LoadsError('ERR_RUN_UNKNOWN', `'${name}' begins the names of ${matches.length} runs`, {
    hint: `such as ${matches.slice(-3).join(', ')}`,
  });
}

/** A folder with the record of a run, or, where that was lost, with the name of one. */
async function isRun(path: string): Promise<boolean> {
  const found = await stat(join(path, RECORD)).catch(() => undefined);
  if (found) return true;
  return RUN_ID.test(basename(path)) && (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
