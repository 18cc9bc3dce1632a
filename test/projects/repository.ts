import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes a repository with one commit of these files, and gives the commit. */
export async function makeRepository(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(folder, { recursive: true });
  const git = (...args: readonly string[]): Promise<{ stdout: string }> =>
    run('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: folder });
  await git('init', '--quiet', '--initial-branch=main');
  await commit(folder, files);
  await git('tag', 'v1');
  return (await git('rev-parse', 'HEAD')).stdout.trim();
}

/** Adds a commit with these files to what is checked out. */
export async function commit(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await run('git', ['add', '--all'], { cwd: folder });
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  await run('git', [...who, 'commit', '--quiet', '--message', 'files'], { cwd: folder });
}
