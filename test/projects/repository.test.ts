import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from '../../node-image/src/http/self-signed.test.fixture.ts';
import { type Outcome, runLoads, startLoads } from '../support/loads.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';
import { type GitServer, type GitServerOptions, startGitServer } from './git-server.ts';
import { commit, makeRepository } from './repository.ts';

const PROJECT_BIN = join(import.meta.dirname, '../../orchestrator/bin/loads-project.js');

const SCENARIO = `import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { scenario } from '@loads/node';
import { greeting } from 'greeting';
scenario('look', ({ env, sleep }) => {
  assert.equal(greeting, 'hello');
  assert.equal(env.STAGE, 'big');
  assert.equal(process.env.LOADS_REPO_TOKEN, undefined);
  assert.equal(basename(process.cwd()), 'load tests');
  return sleep(20);
});`;

/** A package that is locked, is in the repository itself, and would like to run something. */
const GREETING = {
  'vendor/greeting/package.json': JSON.stringify({
    ...{ name: 'greeting', version: '1.0.0', type: 'module', exports: './index.js' },
    scripts: { postinstall: 'touch ran-a-script', install: 'exit 1' },
  }),
  'vendor/greeting/index.js': "export const greeting = 'hello';",
};

const PACKAGE = { name: 'shop', version: '1.0.0', dependencies: { greeting: 'file:vendor/greeting' } };
const LOCK = {
  ...{ name: 'shop', version: '1.0.0', lockfileVersion: 3, requires: true },
  packages: {
    '': PACKAGE,
    'node_modules/greeting': { resolved: 'vendor/greeting', link: true },
    'vendor/greeting': { version: '1.0.0', hasInstallScript: true },
  },
};

const FILES: Readonly<Record<string, string>> = {
  ...GREETING,
  'package.json': JSON.stringify(PACKAGE),
  'package-lock.json': JSON.stringify(LOCK),
  'load tests/shop.ts': SCENARIO,
  'load tests/molotov.json': JSON.stringify({
    molotov: {
      env: { STAGE: 'big' },
      tests: { big: { scenario: 'shop.ts', single_run: true, quiet: false, uvloop: true } },
    },
  }),
  'load tests/loads.yml':
    'scenario: ./shop.ts\niterations: 2\nruns: { big: { env: { STAGE: big } }, long: { iterations: 1000000, env: { STAGE: big } } }\n',
  'load tests/pwd.sh': '#!/bin/sh\ntest -f shop.ts\n',
};

let workspace: Workspace;
let first = '';
beforeAll(async () => {
  workspace = await Workspace.create();
  await mkdir(workspace.file('tmp'));
  await writeFile(workspace.file('ca.pem'), CERTIFICATE);
  first = await makeRepository(workspace.file('repos/shop.git'), FILES);
  await commit(workspace.file('repos/shop.git'), { 'load tests/shop.ts': 'syntax error' });
});
afterAll(() => workspace[Symbol.asyncDispose]());

const environment = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  TMPDIR: workspace.file('tmp'),
  GIT_SSL_CAINFO: workspace.file('ca.pem'),
  ...more,
});

/** The projects that are on this machine. */
async function projects(): Promise<readonly string[]> {
  return (await readdir(workspace.file('tmp'))).filter((name) => name.startsWith('loads-'));
}

async function load(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const outcome = await runLoads(workspace, ['run', '--subdir', 'load tests', '--fail', ...args], environment(env));
  expect(await projects()).toEqual([]);
  return outcome;
}

function serve(options: Partial<GitServerOptions>): Promise<GitServer> {
  return startGitServer({ root: workspace.file('repos'), key: PRIVATE_KEY, cert: CERTIFICATE, ...options });
}

test('a private repository is fetched with a token, installed, run and removed', async () => {
  const authorization = `Basic ${btoa('ci:s3cr3t')}`;
  await using server = await serve({ authorization });
  const url = `${server.url}/shop.git`;
  const ran = await load(['--repo', url, '--ref', 'v1', '--run', 'big'], {
    LOADS_REPO_TOKEN: 's3cr3t',
    LOADS_REPO_USER: 'ci',
  });
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);
  expect(ran.stderr).toContain(`fetched ${first.slice(0, 12)}`);
  expect(new Set(server.authorizations)).toEqual(new Set([authorization]));
  expect(await workspace.summary()).toMatchObject({ name: 'shop-big', exitCode: 0 });
  const kept = await readFile(join(await workspace.run(), 'run.json'), 'utf8');
  expect(ran.stdout + ran.stderr + kept).not.toMatch(/s3cr3t|Basic/);

  const refused = await load(['--repo', url, '--run', 'big']);
  expect(refused).toMatchObject({
    exitCode: 104,
    stdout: '',
    stderr: expect.stringContaining('LOADS_REPO_TOKEN in the environment'),
  });
});

test('with a token no redirect is followed', async () => {
  await using elsewhere = await serve({});
  await using server = await serve({ redirectTo: elsewhere.url });
  const ran = await load(['--repo', `${server.url}/shop.git`], { LOADS_REPO_TOKEN: 's3cr3t' });
  expect(ran).toMatchObject({
    exitCode: 104,
    stderr: expect.stringMatching(/no redirect is followed|redirect|30[0-9]/),
  });
  expect(elsewhere.authorizations).toEqual([]);
});

test('a folder, the beginning of a commit, a molotov.json, and a program in the place of the scenario', async () => {
  const repo = ['--repo', './repos/shop.git', '--ref', first.slice(0, 9)];
  const molotov = await load([...repo, '--run', 'big', 'molotov.json']);
  expect(molotov.exitCode, molotov.stdout + molotov.stderr).toBe(0);
  expect(molotov.stderr).toContain('molotov.json: without effect here: uvloop (Node has its own event loop)\n');
  const program = await runLoads(
    workspace,
    ['run', '--subdir', 'load tests', ...repo, '--', 'sh', './pwd.sh'],
    environment(),
  );
  expect(program.exitCode, program.stdout + program.stderr).toBe(0);
});

test('what the image runs takes all of that from its environment', async () => {
  const env = { TEST_REPO: './repos/shop.git', TEST_REF: 'v1', TEST_SUBDIR: 'load tests', TEST_NAME: 'big' };
  const run = promisify(execFile);
  const options = { cwd: workspace.path, env: { ...process.env, ...environment(env) } };
  const { stdout } = await run(process.execPath, [PROJECT_BIN, '--nodes', '2', '--workers', '2'], options);
  expect(stdout).toContain('PASSED');
  expect(await workspace.summary()).toMatchObject({ name: 'shop-big', nodes: 2 });
  const { TEST_REPO: _, ...nothing } = options.env;
  await expect(run(process.execPath, [PROJECT_BIN], { ...options, env: nothing })).rejects.toMatchObject({
    ...{ code: 104, stderr: expect.stringContaining('error: TEST_REPO is not set\n') },
  });
});

test('Ctrl-C ends the fetch, and removes what there is', async () => {
  await using server = await serve({ onRequest: () => undefined });
  await using loads = startLoads(workspace, ['run', '--repo', `${server.url}/shop.git`], environment());
  await until(() => server.authorizations.length > 0, 'git does not ask');
  expect(await projects()).toHaveLength(1);
  loads.ctrlC();
  expect(await loads.ended).toMatchObject({ exitCode: 105 });
  expect(await projects()).toEqual([]);
  await workspace.quiet();
});

test('Ctrl-C ends the run, and removes the project', async () => {
  const args = ['run', '--repo', './repos/shop.git', '--ref', 'v1', '--subdir', 'load tests', '--run', 'long'];
  await using loads = startLoads(workspace, args, environment());
  await loads.shows(/workers? |iterations/);
  await until(async () => (await workspace.processes()).length > 1, 'no node runs');
  loads.ctrlC();
  expect(await loads.ended).toMatchObject({ exitCode: 105 });
  expect(await projects()).toEqual([]);
});

test.each([
  [
    'a run that is not there',
    ['--ref', 'v1', '--run', 'bigg'],
    /^error: loads\.yml has no run 'bigg'; did you mean 'big'\?$/m,
  ],
  ['a scenario that cannot be loaded', ['--run', 'big'], /^error: shop\.ts/m],
  ['a ref that is not there', ['--ref', 'v9'], /^error: file:.* at v9: couldn't find remote ref v9$/m],
  ['a ref that is none', ['--ref', '--upload-pack=touch x'], /^error: --ref "--upload-pack=touch x" is no branch/m],
  ['a file that leads out', ['--ref', 'v1', '../../../ca.pem'], /^error: .*leads out of the repository$/m],
])('%s is told, and nothing is left', async (_, args, says) => {
  const ran = await load(['--repo', './repos/shop.git', ...args]);
  expect(ran.stderr).toMatch(says);
  expect([104, 107]).toContain(ran.exitCode);
});
