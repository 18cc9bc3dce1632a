import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { requestsByName } from '../support/requests-by-name.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

const MODULES = join(import.meta.dirname, '../../node_modules');
/** Node as it is without anything of ours: how it runs a functional test. */
const CLEAN = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(NODE_|VITEST|LOADS_)/.test(name)));

const NODE_TEST = `
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import test, { after, before, describe, it } from 'node:test';

const shop = process.env.SHOP;
const note = (line) => appendFileSync(process.env.NOTES, line + '\\n');
let ready = false;
before(() => { ready = true; note('before'); });
after(() => note('after'));

test('lists its items', async (t) => {
  assert.ok(ready);
  const response = await fetch(shop + '/items');
  assert.equal(response.status, 200);
  await t.test('as a list', async () => assert.ok(Array.isArray(await response.json())));
});

describe('an item', () => {
  it('is there', async () => assert.equal((await fetch(shop + '/items/rope')).status, 200));
  it.skip('is free', () => assert.fail());
});
`;

test('a file for node:test runs as it is: under node --test, and as load on two nodes', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create();
  await workspace.write('shop.test.ts', NODE_TEST);
  const env = { SHOP: target.url, NOTES: workspace.file('notes') };
  expect(await nodeTest(workspace, 'shop.test.ts', env)).toMatchObject({ exitCode: 0 });
  expect(await workspace.lines('notes')).toEqual(['before', 'after']);
  const before = await target.stats();

  const flags = ['--nodes', '2', '-w', '2', '-i', '200', '--seed', '7', '--weight', 'lists its items=3'];
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'shop.test.ts', ...flags], env);
  expect(exitCode, stdout).toBe(0);
  expect(stdout).toContain('lists its items (75%), an item > is there (25%)');
  const summary = await workspace.summary();
  const counts = Object.fromEntries(summary.iterations.map(({ scenario, ok, failed }) => [scenario, [ok, failed]]));
  const listed = counts['lists its items']?.[0] ?? 0;
  expect(counts).toEqual({ 'lists its items': [listed, 0], 'an item > is there': [200 - listed, 0] });
  expect(Math.abs(listed - 150)).toBeLessThan(5 * Math.sqrt(200 * 0.75 * 0.25));
  // Every fetch is measured, under a name, and is one that the service has seen.
  expect(requestsByName(summary)).toEqual({ 'GET /items': listed, 'GET /items/rope': 200 - listed });
  expect((await target.stats()).total - before.total).toBe(200);
  expect(summary.steps).toMatchObject([
    { scenario: 'lists its items', name: 'as a list', duration: { count: listed } },
  ]);
  expect((await workspace.lines('notes')).slice(2).toSorted()).toEqual(['after', 'after', 'before', 'before']);
});

test('what fetch sends goes through the chaos proxy of the node, and fails as the network does', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create();
  await workspace.write('shop.test.ts', NODE_TEST);
  const proxies = { web: { behavior: '100:error', protocol: 'http' } };
  const config = {
    scenario: 'shop.test.ts',
    target: target.url,
    iterations: 10,
    singleMode: 'an item > is there',
    proxies,
  };
  await workspace.write('loads.json', JSON.stringify(config));
  const env = { SHOP: target.url, NOTES: workspace.file('notes') };
  const { stdout } = await runLoads(workspace, ['run', 'loads.json'], env);
  const { iterations, requests } = await workspace.summary();
  expect(iterations, stdout).toMatchObject([{ scenario: 'an item > is there', ok: 0, failed: 10 }]);
  expect(requests, stdout).toMatchObject([{ name: 'GET /items/rope', ok: 0, ko: 10 }]);
});

test('a file for vitest runs as it is, with the vitest of its project', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create();
  await symlink(MODULES, workspace.file('node_modules'));
  await workspace.write('price.ts', 'export const most: number = 1000;\n');
  await workspace.write(
    'shop.test.ts',
    `import { afterAll, beforeAll, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { most } from './price';

let items: string[] = [];
beforeAll(async () => { items = ['rope']; return () => console.log('cleaned up'); });
afterAll(() => console.log('after all'));
expect.extend({ toBeCheap: (price) => ({ pass: price < most, message: () => price + ' is not cheap' }) });

describe.each(['/items', '/items/rope'])('%s', (path) => {
  beforeEach(() => expect(items).toContain('rope'));
  it('answers', async () => {
    expect((await fetch(process.env.SHOP + path)).status).toBe(200);
  });
});
test('matchers of its own', () => (expect(5) as any).toBeCheap());
test('counts', ({ expect }) => { expect.assertions(1); expect({ a: [1] }).toMatchObject({ a: [1] }); });
test('polls', async () => { let n = 0; await expect.poll(() => ++n, { interval: 1 }).toBe(3); });
test('spies', () => { const spy = vi.fn(); spy(1); expect(spy).toHaveBeenCalledWith(1); });
test.fails('meant to fail', () => expect(1).toBe(2));
test.todo('later');
test('too few', () => { expect.assertions(2); expect(1).toBe(1); });
test('softly', () => { expect.soft('rope').toBe('glue'); expect.soft(1).toBe(2); expect(3).toBe(4); });
test('never waited for', () => { void expect(Promise.reject(new Error('late'))).resolves.toBe(1); });
`,
  );
  const run = ['run', 'shop.test.ts', '--single-run'];
  const { exitCode, stdout } = await runLoads(workspace, run, { SHOP: target.url });
  expect(exitCode, stdout).toBe(97);
  const { iterations } = await workspace.summary();
  const failed = iterations.filter((one) => one.failed > 0).map(({ scenario }) => scenario);
  expect(failed.toSorted()).toEqual(['never waited for', 'softly', 'too few']);
  expect(iterations.filter(({ ok }) => ok === 1)).toHaveLength(7);
  expect(stdout).toMatch(
    /softly: 3 failures: expected 'rope' to be 'glue'.*; expected 1 to be 2 .*; expected 3 to be 4/,
  );
  expect(stdout).toMatch(/caused by: expected 'rope' to be 'glue'.*\n\s+at .*shop\.test\.ts:22:\d+/);
  expect(stdout).toMatch(/caused by: expected 3 to be 4.*\n\s+at .*shop\.test\.ts:22:\d+/);
  const log = await workspace.lines(`${(await workspace.run()).slice(workspace.path.length + 1)}/nodes/1/scenario.log`);
  expect(log).toEqual(['after all', 'cleaned up']);

  await workspace.write(
    'mocked.test.ts',
    `import { test, vi } from 'vitest';\nvi.mock('./price');\ntest('a', () => {});\n`,
  );
  const refused = await runLoads(workspace, ['run', 'mocked.test.ts']);
  expect([refused.exitCode, refused.stdout + refused.stderr]).toEqual([107, expect.stringContaining('vi.mock()')]);
  const unknown = await runLoads(workspace, ['run', 'shop.test.ts', '--weight', 'pols=2']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([104, expect.stringContaining("did you mean 'polls'?")]);
});

test('a scenario file under node --test is a functional test for each scenario, with its fixtures and full errors', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create();
  await mkdir(workspace.file('node_modules'));
  await symlink(join(MODULES, '@loads'), workspace.file('node_modules/@loads'));
  await workspace.write(
    'shop.ts',
    `import assert from 'node:assert/strict';
import { scenario, setup, setupWorker, teardown } from '@loads/node';
export const options = { env: { SIZE: '3' } };
setup(async ({ http }) => (await http.get('/items')).json());
setupWorker(({ vars }) => { vars.visits = 0; });
scenario('visits', async ({ http, data, env, vars }) => {
  assert.equal((await http.get('/items/rope')).status, 200);
  assert.ok(Array.isArray(data));
  assert.equal(env.SIZE, '3');
  vars.visits += 1;
});
scenario('visits again', ({ vars }) => assert.equal(vars.visits, 1));
if (process.env.BROKEN) {
  scenario('is wrong', () => assert.equal(1, 2));
  scenario('is unchecked', ({ check }) => void check(false, 'is open'));
  scenario('is refused', ({ http }) => http.get('http://127.0.0.1:1/'));
}
scenario('is left out', { weight: 0 }, () => assert.fail());
teardown(() => console.log('torn down'));
`,
  );
  const env = { LOADS_TARGET: target.url };
  const good = await nodeTest(workspace, 'shop.ts', env);
  expect([good.exitCode, good.output]).toEqual([
    0,
    expect.stringMatching(/torn down[\s\S]*pass 2\n[\s\S]*skipped 1\n/),
  ]);
  const bad = await nodeTest(workspace, 'shop.ts', { ...env, BROKEN: '1' });
  expect(bad.exitCode).toBe(1);
  expect(bad.output).toMatch(/fail 3\n/);
  expect(bad.output).toMatch(/strictly equal:[\s\S]*1 !== 2[\s\S]*at .*shop\.ts:14:/);
  expect(bad.output).toContain('checks that did not hold: is open');
  expect(bad.output).toContain('GET http://127.0.0.1:1/ failed: connection refused');
});

/** Runs `node --test` on a file. */
async function nodeTest(
  workspace: Workspace,
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const child = spawn(process.execPath, ['--test', '--test-reporter=spec', file], {
    cwd: workspace.path,
    env: { ...CLEAN, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, output };
}
