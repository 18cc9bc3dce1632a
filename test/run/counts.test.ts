import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { requestsByName } from '../support/requests-by-name.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

test('a run without faults shows exactly what the service counted, on two nodes that begin together', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  const args = ['run', 'visit.ts', '--nodes', '2', '-w', '6', '-d', '3s', '-t', target.url, '-e', 'MISSING=moon'];
  const { exitCode, stdout } = await runLoads(workspace, args);
  expect(exitCode, stdout).toBe(0);
  const summary = await workspace.summary();
  const stats = await target.stats();

  expect(summary.outcome).toBe('passed');
  expect(stats.total).toBeGreaterThan(200);
  expect(summary.total.ok + summary.total.ko).toBe(stats.total);
  expect(requestsByName(summary)).toEqual(stats.requests);
  expect(summary.total.ko).toBe(stats.answers[404]);
  expect(summary.failures).toEqual([{ failure: 'status', count: stats.answers[404] }]);

  const { emitted, stored } = summary.accounting;
  expect(stored).toBe(emitted);
  expect(summary.lost).toBe(0);
  expect(summary.interrupted).toBe(0);
  expect(summary.startSkewMs).toBeLessThanOrEqual(100);
  expect(summary.nodeRows.map(({ node, state }) => [node, state])).toEqual([
    [1, 'done'],
    [2, 'done'],
  ]);
  for (const { accounting } of summary.nodeRows) expect(accounting?.stored).toBeGreaterThan(200);

  const run = await workspace.run();
  for (const name of ['run.json', 'nodes/1', 'nodes/2', 'summary.json']) expect(existsSync(join(run, name))).toBe(true);
  expect(stdout).toContain(`\n  ${run}\n`);
  await workspace.quiet();
});
