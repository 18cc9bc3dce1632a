import { stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { LoadsError } from '@loads/core';
import { type ProgramOptions, runProgram } from './run-program.ts';

const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json'];
const FOREIGN_LOCKFILES = ['pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'];

/** The nearest folder with one of these files, from a folder up to the root of its project. */
export async function nearestWith(names: readonly string[], folder: string, root: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    for (const name of names) if (await isFile(join(at, name))) return at;
    if (at === root || relative(root, at).startsWith('..')) return undefined;
  }
}

/**
 * Installs what the nearest lockfile of a project asks for (`npm ci`), without running anything of it. Gives the folder
 * that was installed in; undefined where there is no lockfile of npm. Throws ERR_PROJECT with the last words of npm.
 */
export async function installPackages(
  folder: string,
  root: string,
  options: Omit<ProgramOptions, 'cwd'>,
): Promise<string | undefined> {
  const locked = await nearestWith(LOCKFILES, folder, root);
  if (locked === undefined) {
    const foreign = await nearestWith(FOREIGN_LOCKFILES, folder, root);
    if (foreign !== undefined)
      options.onLine?.(`packages are not installed: there is no package-lock.json, and only npm's lockfile is read`);
    return undefined;
  }
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];
  const { code, output } = await runProgram('npm', args, { ...options, cwd: locked }).catch((cause: unknown) => {
    options.signal.throwIfAborted();
    throw new LoadsError('ERR_PROJECT', 'npm could not be started', { cause });
  });
  if (code === 0) return locked;
  const words = output.filter(
    (line) => /^npm (error|ERR!)/.test(line) && !/complete log|A complete|debug-0/.test(line),
  );
  const said = (words.length > 0 ? words.slice(0, 3) : output.slice(-1)).map((line) =>
    line.replace(/^npm (error|ERR!) /, ''),
  );
  throw new LoadsError('ERR_PROJECT', `npm ci failed: ${said.join('; ') || `it ended with ${code}`}`);
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ?? false;
}
