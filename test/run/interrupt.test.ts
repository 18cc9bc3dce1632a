import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Outcome, runLoads, startLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { until } from '../support/until.ts';
import { Workspace } from '../support/workspace.ts';

/** Far less than runs last here, and than they may take to end by themselves (30 s), on a busy machine. */
const WELL_BEFORE_MS = 15_000;

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'one %s lets iterations in flight end, and nothing is lost or left behind',
  async (signal) => {
    await using target = await startTarget();
    await using workspace = await Workspace.create('visit.ts');
    const args = ['run', 'visit.ts', '--nodes', '2', '-w', '4', '-d', '1m', '-t', target.url];
    await using loads = startLoads(workspace, args);
    await until(async () => (await target.stats()).total > 50, 'there is no load');
    const begunMs = performance.now();
    if (signal === 'SIGINT') loads.ctrlC();
    else loads.kill(signal);
    const { exitCode, stdout, stderr } = await loads.ended;
    expect(performance.now() - begunMs).toBeLessThan(WELL_BEFORE_MS);
    expect(exitCode, stdout + stderr).toBe(105);
    expect(stdout).toMatch(/STOPPED {2}[\s\S]*stopped by the user/);
    await workspace.quiet();
    const { outcome, lost, total, interrupted, iterations } = await workspace.summary();
    expect({ outcome, lost, interrupted }).toEqual({ outcome: 'stopped', lost: 0, interrupted: 0 });
    expect(total.ok + total.ko).toBe((await target.stats()).total);
    // Whole iterations only: each is three requests.
    expect(total.ok).toBe((iterations[0]?.ok ?? 0) * 3);
  },
);

test('a second Ctrl-C cuts iterations that hang, and counts them', async () => {
  await using workspace = await Workspace.create('hang.ts');
  const { exitCode, stdout, tookMs } = await interruptTwice(workspace, 'hang.ts');
  expect(exitCode, stdout).toBe(105);
  expect(tookMs).toBeLessThan(WELL_BEFORE_MS);
  expect(stdout).toContain('STOPPED');
  expect(stdout).toContain('5 iterations cut at the end');
  expect(await workspace.summary()).toMatchObject({ outcome: 'stopped', interrupted: 5, lost: 0 });
  await workspace.quiet();
});

test('a second Ctrl-C ends processes that a scenario blocks', async () => {
  await using workspace = await Workspace.create('block.ts');
  const { exitCode, stdout, tookMs } = await interruptTwice(workspace, 'block.ts');
  expect(exitCode, stdout).toBe(105);
  expect(tookMs).toBeLessThan(WELL_BEFORE_MS);
  expect(stdout).toContain('STOPPED');
  expect((await workspace.summary()).outcome).toBe('stopped');
  await workspace.quiet();
});

/** A file whose fixtures write down that they run, for a run that is stopped before it begins. */
const NOTED = `import { scenario, setup, setupProcess, teardown, teardownProcess } from '@loads/node';
import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
const note = (text: string) => appendFileSync('notes', text + '\\n');
setup(async ({ env }) => {
  note('setup');
  await wait(Number(env.SETUP_MS));
  note('setup has ended');
  return { made: 3 };
});
setupProcess(async ({ node, sleep }) => {
  note('setupProcess on ' + node);
  if (node === 2) await sleep(60_000);
});
scenario('never', () => note('iteration'));
teardownProcess(({ node, data }) => note('teardownProcess on ' + node + ' ' + JSON.stringify(data)));
teardown(({ data }) => {
  note('teardown ' + JSON.stringify(data));
  if (process.env.FAIL) throw new Error('cannot tidy up');
});`;

test('Ctrl-C while the setup runs lets it end, undoes what it made, and begins nothing', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('noted.ts', NOTED);
  const args = ['run', 'noted.ts', '--nodes', '2', '-e', 'SETUP_MS=1000', '-e', 'FAIL=1'];
  await using loads = startLoads(workspace, args);
  await until(async () => (await workspace.lines('notes')).length > 0, 'the setup does not begin');
  loads.ctrlC();
  const { exitCode, stdout, stderr } = await loads.ended;
  expect(exitCode).toBe(105);
  expect(stdout).toContain('stopping: what was set up is undone; press Ctrl-C again to stop at once\n');
  expect(stderr).toBe('error: stopped before the run had begun\n  teardown failed: cannot tidy up\n');
  expect(await workspace.lines('notes')).toEqual(['setup', 'setup has ended', 'teardown {"made":3}']);
  await workspace.quiet();
});

test('a stop while other nodes prepare undoes what was set up on all, those last that had to be cut', async () => {
  await using workspace = await Workspace.create();
  await workspace.write('noted.ts', NOTED);
  const args = [
    'run',
    'noted.ts',
    '--nodes',
    '2',
    '-p',
    '2',
    '-w',
    '4',
    '-e',
    'SETUP_MS=0',
    '--graceful-stop',
    '500ms',
  ];
  await using loads = startLoads(workspace, args);
  await until(async () => (await workspace.lines('notes')).length === 6, 'the fixtures do not begin');
  const run = basename(await workspace.run());
  expect(await runLoads(workspace, ['stop', run])).toMatchObject({
    stdout: `${run} is stopped, before it had begun\n`,
  });
  const { exitCode, stderr } = await loads.ended;
  expect([exitCode, stderr]).toEqual([105, 'error: stopped before the run had begun\n']);
  const undone = (await workspace.lines('notes')).slice(6);
  expect(undone.filter((line) => line === 'teardownProcess on 1 {"made":3}')).toHaveLength(2);
  expect(undone.filter((line) => line === 'teardownProcess on 2 {"made":3}')).toHaveLength(2);
  expect(undone.filter((line) => line === 'teardown {"made":3}')).toHaveLength(1);
  expect(undone).toHaveLength(5);
  // The run's own comes after those of the processes of its node.
  expect(undone.indexOf('teardown {"made":3}')).toBeGreaterThan(undone.lastIndexOf('teardownProcess on 1 {"made":3}'));
  await workspace.quiet();
});

test('a second Ctrl-C while the setup runs ends everything at once', async () => {
  await using workspace = await Workspace.create('slow-setup.ts');
  await using loads = startLoads(workspace, ['run', 'slow-setup.ts', '--nodes', '2']);
  await until(() => logged(workspace, 'setup has begun'), 'the setup does not begin');
  loads.ctrlC();
  await loads.shows(/press Ctrl-C again/);
  const begunMs = performance.now();
  loads.ctrlC();
  const { exitCode, stderr } = await loads.ended;
  expect(performance.now() - begunMs).toBeLessThan(WELL_BEFORE_MS);
  expect(exitCode).toBe(105);
  expect(stderr).toMatch(
    /^error: stopped before the run had begun\n {2}nodes? .* had to be killed: teardowns may not have run\n/,
  );
  await workspace.quiet();
});

test('Ctrl-C while the scenario is loaded ends everything', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'slow.ts',
    `import { writeFileSync } from 'node:fs';
writeFileSync('loading', '1\\n');
await new Promise((resolve) => setTimeout(resolve, 60_000));`,
  );
  await using loads = startLoads(workspace, ['run', 'slow.ts']);
  await until(async () => (await workspace.lines('loading')).length > 0, 'the scenario is not loaded');
  loads.ctrlC();
  const { exitCode, stderr } = await loads.ended;
  expect(exitCode, stderr).toBe(105);
  await workspace.quiet();
  expect(await workspace.runs()).toEqual([]);
});

/** Runs 5 workers on 2 nodes and presses Ctrl-C twice; `tookMs` counts from the second time. */
async function interruptTwice(workspace: Workspace, fixture: string): Promise<Outcome> {
  await using loads = startLoads(workspace, ['run', fixture, '--nodes', '2', '-w', '5', '-d', '30s']);
  await loads.shows(/^2\S*s \/ 30s/m);
  loads.ctrlC();
  // Signals that come at the same time are one.
  await loads.shows(/press Ctrl-C again/);
  const begunMs = performance.now();
  loads.ctrlC();
  const outcome = await loads.ended;
  return { ...outcome, tookMs: performance.now() - begunMs };
}

async function logged(workspace: Workspace, text: string): Promise<boolean> {
  const [run = ''] = await workspace.runs();
  const log = await readFile(join(run, 'nodes/1/scenario.log'), 'utf8').catch(() => '');
  return log.includes(text);
}
