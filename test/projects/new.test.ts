import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

const ROOT = join(import.meta.dirname, '../..');
const BIN = join(ROOT, 'orchestrator/bin/loads.js');

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.create();
  // What `npm install` would bring.
  await symlink(join(ROOT, 'node_modules'), workspace.file('node_modules'));
});
afterAll(() => workspace[Symbol.asyncDispose]());

test('a new project passes as it is, against the service that comes with it', async () => {
  const made = await runLoads(workspace, ['new', 'My shop']);
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  expect(made.stdout).toContain("cd 'My shop'\n  npm install\n  npm test\n");
  const folder = workspace.file('My shop');
  expect(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).toMatchObject({
    name: 'my-shop',
    devDependencies: { '@loads/node': expect.stringMatching(/^2\./) },
  });
  // `npm test`, and `npx loads run` while the service serves.
  for (const args of [
    ['--run', 'smoke'],
    ['--duration', '5s'],
  ]) {
    const { code, output } = await serveAndRun(folder, args);
    expect(code, output).toBe(0);
    expect(output).toContain('PASSED');
  }
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], { cwd: folder });
});

test('a new project for a service of your own passes against that', async () => {
  await using target = await startTarget();
  const made = await runLoads(workspace, ['new', 'own', '--target', `${target.url}/health`]);
  expect(made.stdout).not.toContain('service.ts');
  const { code, output } = await loadsIn(workspace.file('own'), ['run', '--duration', '2s']);
  expect(code, output).toBe(0);
  expect(output).toMatch(/home +[\d.]+/);
});

test.each([
  [
    'a folder with something in it',
    ['.'],
    /^error: \. is not empty: it has .*\n {2}name a new folder: loads new my-load-test\n$/,
  ],
  ['a file', ['node_modules/.package-lock.json'], /is a file\n/],
  ['a target that is none', ['new-one', '-t', 'shop'], /^error: --target shop is no http or https URL\n/],
])('%s is refused', async (_, args, says) => {
  expect(await runLoads(workspace, ['new', ...args])).toMatchObject({
    exitCode: 104,
    stdout: '',
    stderr: expect.stringMatching(says),
  });
});

function serveAndRun(folder: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return runNode(folder, ['service.ts', '--', process.execPath, BIN, 'run', ...args]);
}

function loadsIn(folder: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return runNode(folder, [BIN, ...args]);
}

async function runNode(cwd: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, PORT: '0', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], out, errors] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code: Number(code), output: out + errors };
}
