import { expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { requestsByName } from '../support/requests-by-name.ts';
import { startTarget } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

test('setup and teardown run once in a run, and what the setup gave reaches every node', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('once.ts');
  const args = ['run', 'once.ts', '--nodes', '3', '-w', '3', '-d', '1500ms', '-t', target.url];
  const { exitCode, stdout } = await runLoads(workspace, [...args, '-e', `NOTES=${workspace.file('notes')}`]);
  expect(exitCode, stdout).toBe(0);
  const data = '{"token":"open sesame","levels":[1,2.5],"nested":{"deep":true}}';
  const notes = await workspace.lines('notes');
  expect(notes[0]).toBe('setup on 1');
  expect(notes.slice(1, 4).sort()).toEqual([1, 2, 3].map((node) => `iteration on ${node} with ${data}`));
  expect(notes.slice(4)).toEqual([`teardown on 1 with ${data}`]);

  // Their requests are counted, in phases of their own.
  const summary = await workspace.summary();
  expect(requestsByName(summary)).toMatchObject({ 'in setup': 1, 'in teardown': 1 });
  expect(summary.total.ok).toBe((await target.stats()).total);
  expect(summary.total.phases.setup).toMatchObject({ ok: 1, ko: 0 });
  expect(summary.total.phases.teardown).toMatchObject({ ok: 1, ko: 0 });
  expect(summary.lost).toBe(0);
});

const FAILING = `import { scenario, setup } from '@loads/node';
setup(async () => {
  await Promise.resolve();
  throw new Error('no licence');
});
scenario('never', () => undefined);`;

test('a setup that throws ends the run with one clear line, and leaves nothing behind', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', FAILING);
  const { exitCode, stdout, stderr } = await runLoads(workspace, ['run', 'shop.ts', '--nodes', '2']);
  expect(exitCode).toBe(107);
  expect(stderr).toBe('error: setup failed: no licence\n');
  expect(stdout).not.toMatch(/PASSED|FAILED|INVALID|STOPPED/);
  await workspace.quiet();
});

test('what a setup made before it failed can be undone', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'shop.ts',
    `import { scenario, setup, setupProcess, teardown, teardownProcess } from '@loads/node';
import { appendFileSync } from 'node:fs';
const noted = (name: string, fails: boolean) => () => {
  appendFileSync('${workspace.file('notes')}', name + '\\n');
  if (fails) throw new Error('no licence');
};
setup(noted('setup', process.env.FAIL === 'setup'));
setupProcess(noted('setupProcess', true));
teardownProcess(noted('teardownProcess', false));
teardown(noted('teardown', false));
scenario('never', () => undefined);`,
  );
  expect((await runLoads(workspace, ['run', 'shop.ts', '-e', 'FAIL=setup'])).exitCode).toBe(107);
  expect((await runLoads(workspace, ['run', 'shop.ts'])).exitCode).toBe(107);
  const notes = await workspace.lines('notes');
  expect(notes).toEqual(['setup', 'teardown', 'setup', 'setupProcess', 'teardownProcess', 'teardown']);
});

test('what was set up on the other nodes is undone when one node fails', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'shop.ts',
    `import { scenario, setup, setupProcess, teardown, teardownProcess } from '@loads/node';
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
const note = (text: string) => appendFileSync('notes', text + '\\n');
setup(() => note('setup'));
setupProcess(async ({ node }) => {
  if (node === 1) return appendFileSync('first', '');
  while (!existsSync('first')) await wait(20);
  throw new Error('no licence');
});
teardownProcess(({ node }) => note('teardownProcess ' + node));
teardown(() => note('teardown'));
scenario('never', () => undefined);`,
  );
  const { exitCode, stderr } = await runLoads(workspace, ['run', 'shop.ts', '--nodes', '2']);
  expect([exitCode, stderr]).toEqual([107, 'error: setupProcess failed: no licence\n']);
  expect(await workspace.lines('notes')).toEqual(['setup', 'teardownProcess 2', 'teardownProcess 1', 'teardown']);
  await workspace.quiet();
});

test('with -v the stack of a setup that throws is shown, and what its scenario wrote', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('shop.ts', FAILING.replace('throw new', "console.log('asking for a licence');\n  throw new"));
  const { exitCode, stdout, stderr } = await runLoads(workspace, ['run', 'shop.ts', '-v']);
  expect(exitCode).toBe(107);
  expect(stdout).toContain('\nnode 1 scenario | asking for a licence\n');
  expect(stderr).toMatch(/error: setup failed: no licence\n[\s\S]*Error: no licence\n {4}at .*shop\.ts:5:9/);
});

test.each([
  ['circular', 'const loop: unknown[] = []; loop.push(loop); return loop;'],
  ['a BigInt', 'return 1n;'],
])('a setup whose value cannot reach the nodes (%s) is refused', async (_, body) => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'shop.ts',
    `import { scenario, setup } from '@loads/node';
setup(() => { ${body} });
scenario('never', () => undefined);`,
  );
  const { exitCode, stderr } = await runLoads(workspace, ['run', 'shop.ts']);
  expect(exitCode).toBe(107);
  expect(stderr).toMatch(/^error: setup failed: .*JSON/);
  await workspace.quiet();
});

test('the teardown also runs when the run is stopped', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('once.ts');
  const args = [
    'run',
    'once.ts',
    '--nodes',
    '2',
    '-d',
    '1m',
    '-t',
    target.url,
    '-e',
    `NOTES=${workspace.file('notes')}`,
  ];
  await using loads = startLoads(workspace, args);
  await until(async () => (await workspace.lines('notes')).length === 3, 'the nodes do not begin');
  loads.ctrlC();
  expect((await loads.ended).exitCode).toBe(105);
  expect((await workspace.lines('notes')).slice(3)).toEqual([expect.stringMatching(/^teardown on 1 with /)]);
  expect(requestsByName(await workspace.summary())).toMatchObject({ 'in teardown': 1 });
});

test('a teardown that throws is shown with the errors of the run, and fails a functional one', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'shop.ts',
    `import { scenario, teardown } from '@loads/node';
scenario('wait', ({ sleep }) => sleep(100));
teardown(() => { throw new Error('cannot tidy up'); });`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'shop.ts', '-i', '5']);
  expect(exitCode, stdout).toBe(0);
  expect((await workspace.summary()).errors).toMatchObject([
    { scenario: 'teardown', message: 'cannot tidy up', count: 1 },
  ]);
  expect(stdout).toContain('1 × teardown: cannot tidy up');
  expect(stdout).toContain('note: 1 error came outside of an iteration');
  expect((await runLoads(workspace, ['run', 'shop.ts', '--single-run'])).exitCode).toBe(97);
});
