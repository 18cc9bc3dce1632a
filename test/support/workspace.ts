import { copyFile, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Summary } from '@loads/core';
import { type FoundProcess, processesOf } from './processes-of.ts';
import { until } from './until.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

/** A user's folder, with a space in its name, in which `loads` is run. Disposing of it ends what still runs there. */
export class Workspace implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Makes the folder, with copies of some files of `test/fixtures`. */
  static async create(...fixtures: readonly string[]): Promise<Workspace> {
    const workspace = new Workspace(await realpath(await mkdtemp(join(tmpdir(), 'loads system '))));
    for (const name of fixtures) await copyFile(join(FIXTURES, name), join(workspace.path, name));
    return workspace;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(this.file(name), content);
  }

  /** The lines of a file; none when it is not there. */
  async lines(name: string): Promise<readonly string[]> {
    const text = await readFile(this.file(name), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  }

  /** The paths of the run folders, the oldest first. */
  async runs(): Promise<readonly string[]> {
    const root = this.file('.loads/runs');
    const names = await readdir(root).catch(() => []);
    return names.sort().map((name) => join(root, name));
  }

  /** The path of the newest run folder. */
  async run(): Promise<string> {
    const run = (await this.runs()).at(-1);
    if (run === undefined) throw new Error(`there is no run in ${this.path}`);
    return run;
  }

  /** The summary of the newest run. */
  async summary(): Promise<Summary> {
    return JSON.parse(await readFile(join(await this.run(), 'summary.json'), 'utf8')) as Summary;
  }

  /** The processes that run in this folder, or know of it. */
  processes(): Promise<readonly FoundProcess[]> {
    return processesOf(this.path);
  }

  /** Waits until nothing runs here any more; a process that was killed takes a moment to go. Throws with what stays. */
  async quiet(timeoutMs = 10_000): Promise<void> {
    let left: readonly FoundProcess[] = [];
    const gone = async (): Promise<boolean> => {
      left = await this.processes();
      return left.length === 0;
    };
    await until(gone, () => `still running: ${left.map(({ command }) => command).join(', ')}`, timeoutMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { pid } of await this.processes()) kill(pid);
    await this.quiet(30_000);
    await rm(this.path, { recursive: true });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}
