import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from './finding.ts';

const NODE_MAJOR = 24;
const FEW_FILES = 8192;
const LITTLE_SPACE_BYTES = 2 ** 30;

/** Whether this Node runs Loads. `version` is as in `process.version`. */
export function checkNode(version: string): Finding {
  const check = 'node';
  if (Number(/^v(\d+)/.exec(version)?.[1]) >= NODE_MAJOR) return { check, status: 'ok', message: `Node ${version}` };
  const hint = `install Node ${NODE_MAJOR} or later, or run it by npm in a project that has Loads`;
  return { check, status: 'fail', message: `Node ${version} is too old`, hint };
}

/** Whether runs can be kept in a folder, and on its disk. */
export async function checkFolder(dir: string): Promise<Finding> {
  const check = 'folder';
  const probe = join(dir, `.doctor-${process.pid}`);
  try {
    await mkdir(dir, { recursive: true });
    await writeFile(probe, 'x');
    await rm(probe);
    const { bavail, bsize } = await statfs(dir);
    const free = bavail * bsize;
    const message = `${dir} can be written, ${(free / 2 ** 30).toFixed(1)} GiB free`;
    if (free >= LITTLE_SPACE_BYTES) return { check, status: 'ok', message };
    return { check, status: 'warn', message, hint: 'free some space: points that wait for the database lie there' };
  } catch (error) {
    const message = `${dir} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    return {
      check,
      status: 'fail',
      message,
      hint: 'go where you may write: runs are kept in .loads of the current folder',
    };
  }
}

/** How many files, and so connections, a process may have open. `limits` is as /proc/self/limits. */
export function checkOpenFiles(limits: string | undefined): Finding {
  const check = 'open files';
  const soft = /^Max open files\s+(\S+)/m.exec(limits ?? '')?.[1];
  if (soft === undefined) return { check, status: 'ok', message: 'the system does not tell the limit' };
  const message = `a process may open ${soft} files and connections`;
  if (soft === 'unlimited' || Number(soft) >= FEW_FILES) return { check, status: 'ok', message };
  return { check, status: 'warn', message, hint: 'raise it for many workers: ulimit -n 65536' };
}

/** The limits of this process, where the system tells them. */
export async function processLimits(): Promise<string | undefined> {
  return await readFile('/proc/self/limits', 'utf8').catch(() => undefined);
}
