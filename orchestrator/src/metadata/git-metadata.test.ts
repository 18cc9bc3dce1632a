import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { gitMetadata } from './git-metadata.ts';

const ENV = {
  ...{ PATH: process.env.PATH, HOME: tmpdir(), GIT_CONFIG_NOSYSTEM: '1', GIT_CEILING_DIRECTORIES: tmpdir() },
  ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' },
};

test('the revision, the branch and whether it is changed are those of the repository', async () => {
  await using folder = await temporary();
  const { path } = folder;
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', path, ...args], { env: ENV })).stdout.trim();
  expect(await gitMetadata(path, ENV)).toBeUndefined();
  await git('init', '-q', '-b', 'main');
  await writeFile(join(path, 'a.txt'), 'one');
  await git('add', '.');
  await git('commit', '-q', '-m', 'one');
  const revision = await git('rev-parse', 'HEAD');
  await writeFile(join(path, 'unknown.txt'), '');
  expect(await gitMetadata(path, ENV)).toEqual({ revision, branch: 'main', dirty: false });
  await writeFile(join(path, 'a.txt'), 'two');
  expect(await gitMetadata(path, ENV)).toEqual({ revision, branch: 'main', dirty: true });
  await git('checkout', '-q', '--detach');
  expect(await gitMetadata(path, ENV)).toEqual({ revision, dirty: true });
  // Services check out a commit, and say the branch.
  expect(await gitMetadata(path, { ...ENV, GITHUB_HEAD_REF: '', GITHUB_REF_NAME: 'feature' })).toMatchObject({
    branch: 'feature',
  });
});

test('without git, or without the folder, there is nothing to say', async () => {
  expect(await gitMetadata(tmpdir(), { PATH: '/nowhere' })).toBeUndefined();
  expect(await gitMetadata('/nowhere', ENV)).toBeUndefined();
});

async function temporary(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'loads-git-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
