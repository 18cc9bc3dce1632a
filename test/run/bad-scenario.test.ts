import { mkdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { expectRefused } from '../support/expect-refused.ts';
import { runLoads } from '../support/loads.ts';
import { Workspace } from '../support/workspace.ts';

const IMPORT = "import { scenario } from '@loads/node';\n";

test.concurrent.each([
  [
    'throws while it is loaded',
    `const open = false;\nif (!open)\n  throw new Error('closed');`,
    ['shop.ts:3:9: closed'],
  ],
  ['throws what is no error', `throw 'closed';`, ['shop.ts', 'closed']],
  ['is no TypeScript', `${IMPORT}scenario('look', () => {`, [/^error: shop\.ts:\d+/]],
  ['has an enum', `${IMPORT}enum Item { rope }`, ['shop.ts', 'enum', 'types are stripped, not compiled']],
  ['has parameter properties', 'class A { constructor(public a: number) {} }', ['shop.ts', 'types are stripped']],
  ['declares no scenario', IMPORT, ['shop.ts: it declares no scenario', "scenario('name', async ({ http }) =>"]],
  [
    'has a negative weight',
    `${IMPORT}scenario('look', { weight: -1 }, () => undefined);`,
    ["shop.ts:2:1: scenario 'look' has weight -1"],
  ],
  [
    'has weights of 0 only',
    `${IMPORT}for (const name of ['a', 'b']) scenario(name, { weight: 0 }, () => undefined);`,
    ['shop.ts: the weights of all scenarios are 0'],
  ],
  [
    'declares a name twice',
    `${IMPORT}for (let i = 0; i < 2; i++) scenario('look', () => undefined);`,
    [/^error: shop\.ts:2:\d+: scenario 'look' is declared twice/],
  ],
  ['has a scenario without a function', `${IMPORT}scenario('look', undefined as never);`, [/^error: shop\.ts.*look/]],
  [
    'imports what is not there',
    `import './stock.ts';`,
    ['shop.ts', 'stock.ts', 'relative imports need their file ending'],
  ],
  ['ends its process', 'process.exit(0);', ['shop.ts']],
])('a scenario that %s is refused', async (_, source, says) => {
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', source);
  const refused = await expectRefused(workspace, { args: ['run', 'shop.ts', '--nodes', '2'], exitCode: 107, says });
  expect(await expectRefused(workspace, { args: ['check', 'shop.ts'], exitCode: 107, says })).toBe(refused);
});

test("types are checked by the project's own TypeScript: with `check`, and before a run that asks for it", async () => {
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', `${IMPORT}scenario('look', async ({ http }) => {\n  await http.gett('/');\n});`);
  const says = ["shop.ts:3:14: Property 'gett' does not exist on type 'HttpClient'."];
  const asked = { args: ['run', 'shop.ts', '--check-types'], exitCode: 104 };
  await expectRefused(workspace, { ...asked, says: ['--check-types', 'no TypeScript with a tsconfig.json'] });
  await workspace.write('tsconfig.json', '{ "compilerOptions": { "strict": true, "module": "nodenext" } }');
  await expectRefused(workspace, { ...asked, says: ['npm install --save-dev typescript'] });
  const unchecked = await runLoads(workspace, ['check', 'shop.ts']);
  expect(unchecked).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^warning: types are not checked: /) });

  await mkdir(workspace.file('node_modules'));
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  await symlink(typescript, workspace.file('node_modules/typescript'));
  const refused = await expectRefused(workspace, { ...asked, exitCode: 107, says });
  expect(await expectRefused(workspace, { args: ['check', 'shop.ts'], exitCode: 107, says })).toBe(refused);
  expect(await runLoads(workspace, ['check', 'shop.ts', '--no-types'])).toMatchObject({ exitCode: 0, stderr: '' });
});

test('with -v the stack of a scenario that throws while it is loaded is shown', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', `function open(): never {\n  throw new Error('closed');\n}\nopen();`);
  const { exitCode, stderr } = await runLoads(workspace, ['run', 'shop.ts', '-v']);
  expect(exitCode).toBe(107);
  expect(stderr).toMatch(/^error: shop\.ts:2:9: closed\n[\s\S]*Error: closed\n {4}at open .*\n {4}at .*shop\.ts:4:1/);
});

test('what is thrown where nobody catches it, and an exit, are failures, and end no node', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'shop.ts',
    `${IMPORT}scenario('look', async ({ sleep, iteration }) => {
  setTimeout(() => { throw new Error('in a timer'); });
  void Promise.reject(new Error('not awaited'));
  await sleep(50);
  if (iteration === 1) process.exit(3);
});`,
  );
  await workspace.write(
    'loads.yml',
    "{ scenario: shop.ts, iterations: 3, workers: 1, maxLag: 10s, thresholds: { 'failures{class:uncaught}': count==6 } }",
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run']);
  expect(exitCode, stdout).toBe(0);
  const { errors, iterations, warnings } = await workspace.summary();
  expect(warnings).toEqual(['6 errors came outside of an iteration']);
  expect(iterations).toMatchObject([{ scenario: 'look', ok: 2, failed: 1 }]);
  const told = errors.map(({ scenario, message, count }) => `${count} ${scenario}: ${message}`);
  expect(told.sort()).toEqual([
    expect.stringMatching(/^1 look: process\.exit\(3\) would end the whole node/),
    '3 (outside of an iteration): in a timer',
    '3 (outside of an iteration): not awaited',
  ]);
});

test.each([
  ['a functional test', ['--single-run']],
  ['a load that is to end with its first failure', ['-d', '1m', '-x']],
])('%s fails by what nobody caught', async (_, flags) => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'shop.ts',
    `import { connect } from 'node:net';
import test from 'node:test';
test('looks', async () => {
  connect(1, '127.0.0.1');
  await new Promise((resolve) => setTimeout(resolve, 50));
});`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'shop.ts', '--max-lag', '10s', ...flags]);
  expect(exitCode, stdout).toBe(97);
  const { reasons, errors, iterations } = await workspace.summary();
  expect(reasons).toEqual([expect.stringMatching(/^\d+ errors? came outside of an iteration$/)]);
  expect(errors).toMatchObject([{ failure: 'uncaught', message: 'connect ECONNREFUSED 127.0.0.1:1' }]);
  expect(iterations).toMatchObject([{ scenario: 'looks', failed: 0 }]);
});
