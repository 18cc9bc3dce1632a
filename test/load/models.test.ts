import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

test('arrivals over nodes and processes are exactly those of the plan, and every one reaches the service', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create();
  await workspace.write(
    'arrive.ts',
    `import { scenario, check } from '@loads/node';
     scenario('read', { weight: 3 }, async ({ http, step }) => {
       const { ok } = await step('list', () => http.get('/items', { name: 'GET /items' }));
       check(ok, 'is listed');
     });
     scenario('none', { weight: 1 }, async () => {});`,
  );
  const load = ['--rate', '100/s', '-d', '2s', '--arrivals', 'poisson', '--seed', '5'];
  const counts: unknown[] = [];
  for (const split of [[], ['--nodes', '2', '-p', '2']]) {
    const { exitCode, stdout } = await runLoads(workspace, ['run', 'arrive.ts', '-t', target.url, ...load, ...split]);
    expect(exitCode, stdout).toBe(0);
    const { iterations, schedule, steps, lost, checks } = await workspace.summary();
    expect(lost).toBe(0);
    expect(schedule).toMatchObject({ dropped: 0 });
    expect(steps, stdout).toMatchObject([{ scenario: 'read', name: 'list', duration: { count: checks[0]?.ok } }]);
    counts.push(iterations.map(({ scenario, ok }) => [scenario, ok]));
    if (split.length > 0) expect(stdout).toContain('on 2 nodes of 2 processes (50/s on each)');
  }
  const [one, split] = counts;
  expect(split).toEqual(one);
  const all = (one as [string, number][]).reduce((sum, [, ok]) => sum + ok, 0);
  expect(Math.abs(all - 200)).toBeLessThan(5 * Math.sqrt(200));
});

test('fixtures run in their order, on every level once, and rows are given out once over all processes', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('fixtures.ts');
  const rows = Array.from({ length: 24 }, (_, i) => `user${i}`);
  await workspace.write('users.csv', `name\n${rows.join('\n')}\n`);
  const flags = ['--nodes', '2', '-p', '2', '-w', '4', '-d', '20s', '-t', target.url, '-e'];
  const { exitCode, stdout } = await runLoads(workspace, [
    'run',
    'fixtures.ts',
    ...flags,
    `NOTES=${workspace.file('notes')}`,
  ]);
  expect(exitCode, stdout).toBe(0);
  const notes = await workspace.lines('notes');
  const kinds = (prefix: string): readonly string[] => notes.filter((line) => line.startsWith(`${prefix} `)).toSorted();
  expect(notes[0]).toBe('setup');
  expect(notes.slice(1, 5)).toEqual(Array(4).fill('setupProcess {"token":"open sesame"}'));
  for (const kind of ['setupWorker', 'setupSession', 'teardownSession', 'teardownWorker'])
    expect(kinds(kind)).toEqual([0, 1, 2, 3].map((worker) => `${kind} ${worker}`));
  expect(kinds('row')).toEqual(rows.map((row) => `row ${row} true`).toSorted());
  expect(kinds('seen')).toEqual(rows.map(() => 'seen string'));
  // What the setup sets, every process of its node has; other nodes have what the file itself sets.
  expect(new Set(kinds('opened'))).toEqual(new Set(['opened on node 1 by setup', 'opened on node 2 by nobody']));
  // Each worker's own fixtures are around its iterations; the run's teardown is last, after node 1's processes.
  for (const worker of [0, 1, 2, 3]) {
    const order = notes.filter((line) => line.endsWith(` ${worker}`) && !line.startsWith('row'));
    expect(order.map((line) => line.split(' ')[0])).toEqual([
      'setupWorker',
      'setupSession',
      'teardownSession',
      'teardownWorker',
    ]);
  }
  expect(notes.filter((line) => line === 'teardownProcess')).toHaveLength(4);
  const last = notes.indexOf('teardown {"token":"open sesame"}');
  expect(notes.slice(0, last).filter((line) => line === 'teardownProcess').length).toBeGreaterThanOrEqual(2);
  expect((await workspace.summary()).iterations).toMatchObject([{ scenario: 'use', ok: 24, failed: 0 }]);
});

test('with -x the first failure on one node ends all of them, teardowns included', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'fail.ts',
    `import { scenario, teardownProcess } from '@loads/node';
     export const options = { workers: 2, nodes: 2, duration: '60s' };
     scenario('works', async ({ sleep, node, iteration }) => {
       await sleep(50);
       if (node === 2 && iteration === 3) throw new Error('the shop is closed');
     });
     teardownProcess(({ node }) => console.log('torn down', node));`,
  );
  const { exitCode, stdout, tookMs } = await runLoads(workspace, ['run', 'fail.ts', '-x']);
  expect([exitCode, tookMs < 30_000], stdout).toEqual([97, true]);
  expect(stdout).toContain('1 × works: the shop is closed');
  expect(
    await workspace.lines(`${(await workspace.run()).slice(workspace.path.length + 1)}/nodes/1/scenario.log`),
  ).toEqual(['torn down 1']);
  await workspace.quiet();
});

test('a single run is a functional test: once through, with full errors', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'shop.ts',
    `import { scenario } from '@loads/node';
     export const options = { stages: [{ for: '1h', workers: 5 }] };
     scenario('good', () => {});
     scenario('bad', () => { throw new Error('no rope'); });`,
  );
  const { exitCode, stdout, stderr } = await runLoads(workspace, ['run', 'shop.ts', '--single-run']);
  expect(exitCode).toBe(97);
  expect(stdout + stderr).toMatch(/bad: (?:Error: )?no rope\n\s+at .*shop\.ts:4:/);
  expect((await workspace.summary()).iterations).toMatchObject([
    { scenario: 'bad', ok: 0, failed: 1 },
    { scenario: 'good', ok: 1, failed: 0 },
  ]);
});

test('a scenario that blocks its process is named, and one that leaks timers and handles is no reason to stay', async () => {
  await using workspace = await Workspace.create('block.ts');
  await workspace.write(
    'leak.ts',
    `import { createServer } from 'node:net';
     import { scenario } from '@loads/node';
     scenario('leak', async ({ sleep }) => {
       createServer().listen(0);
       setInterval(() => {}, 1000);
       await sleep(50);
     });`,
  );
  const leak = await runLoads(workspace, ['run', 'leak.ts', '-i', '8']);
  expect([leak.exitCode, leak.tookMs < 40_000], leak.stdout).toEqual([0, true]);
  const block = await runLoads(workspace, ['run', 'block.ts', '-d', '1s', '--force-shutdown', '--max-lag', '1s']);
  expect([block.exitCode, block.tookMs < 60_000], block.stdout).toEqual([98, true]);
  expect(block.stdout).toContain('node 1: the event loop was blocked for over 1 s at block.ts:6:');
  await workspace.quiet();
});

test('a worker whose setup throws ends the run with 107, and says why', async () => {
  await using workspace = await Workspace.create();
  await workspace.write(
    'shop.ts',
    `import { scenario, setupSession } from '@loads/node';
     setupSession(({ worker }) => { if (worker === 1) throw new Error('no licence'); });
     scenario('wait', ({ sleep }) => sleep(50));`,
  );
  const { exitCode, stdout, tookMs } = await runLoads(workspace, ['run', 'shop.ts', '-w', '2', '-d', '60s']);
  expect([exitCode, tookMs < 30_000], stdout).toEqual([107, true]);
  expect(stdout).toContain('setupSession failed: no licence');
});
