import { cp } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

test('when the orchestrator is killed the nodes finish alone, and an attach gives the whole verdict', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await using loads = startLoads(workspace, [
    'run',
    'visit.ts',
    '--nodes',
    '2',
    '-w',
    '4',
    '-d',
    '5s',
    '-t',
    target.url,
  ]);
  await loads.shows(/^[23]\S*s \/ 5s/m);
  loads.kill('SIGKILL');
  expect((await loads.ended).exitCode).toBeNull();
  expect(await workspace.processes()).toHaveLength(4);
  await workspace.quiet(10_000);

  const attached = await runLoads(workspace, ['attach']);
  expect(attached.exitCode, attached.stdout).toBe(0);
  expect(attached.stdout).toMatch(/PASSED {2}/);
  const { lost, total, nodeRows, durationMs } = await workspace.summary();
  expect(lost).toBe(0);
  expect(total.ok + total.ko).toBe((await target.stats()).total);
  expect(nodeRows.map(({ state }) => state)).toEqual(['done', 'done']);
  expect(durationMs).toBeGreaterThan(4900);
});

test('an attach while the nodes still work waits for them; it judges as the run was to be judged, as often as asked', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write(
    'loads.yml',
    `{ scenario: visit.ts, target: '${target.url}', nodes: 2, duration: 5s, thresholds: { http_reqs: count<1 } }`,
  );
  await using loads = startLoads(workspace, ['run']);
  await loads.shows(/^2\S*s \/ 5s/m);
  loads.kill('SIGKILL');
  await loads.ended;
  const during = await runLoads(workspace, ['attach']);
  expect(during.exitCode, during.stdout).toBe(99);
  expect(during.stdout).toMatch(/^4\S*s \/ 5s/m);
  await workspace.quiet();
  const summary = await workspace.summary();
  expect(summary.lost).toBe(0);
  expect(summary.total.ok).toBe((await target.stats()).total);

  const after = await runLoads(workspace, ['attach', summary.run]);
  expect(after.exitCode).toBe(99);
  expect(await workspace.summary()).toEqual(summary);

  // A run's folder is all that there is of a run: it may be moved.
  await using elsewhere = await Workspace.create();
  await cp(await workspace.run(), elsewhere.file('moved'), { recursive: true });
  expect((await runLoads(elsewhere, ['attach', 'moved'])).exitCode).toBe(99);
});

test('an attached run is stopped as any other', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await using loads = startLoads(workspace, ['run', 'visit.ts', '-d', '1m', '-t', target.url]);
  await loads.shows(/^2\S*s \/ 1m/m);
  loads.kill('SIGKILL');
  await loads.ended;
  await using attached = startLoads(workspace, ['attach']);
  await attached.shows(/s \/ 1m/);
  attached.ctrlC();
  expect((await attached.ended).exitCode).toBe(105);
  await workspace.quiet();
  expect(await workspace.summary()).toMatchObject({ outcome: 'stopped', lost: 0 });
});
