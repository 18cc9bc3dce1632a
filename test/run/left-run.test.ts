import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

test('a run that is left goes on by itself, and an attach shows and judges it', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  const args = ['run', 'visit.ts', '--nodes', '2', '-d', '6s', '-t', target.url, '--detach', '-q'];
  const left = await runLoads(workspace, args);
  expect(left.exitCode, left.stderr).toBe(0);
  expect(left.stdout.trim()).toBe(basename(await workspace.run()));
  expect(await workspace.processes()).toHaveLength(4);
  const attached = await runLoads(workspace, ['attach', left.stdout.trim()]);
  expect(attached.exitCode, attached.stdout).toBe(0);
  const { lost, total, durationMs } = await workspace.summary();
  expect(lost).toBe(0);
  expect(total.ok + total.ko).toBe((await target.stats()).total);
  expect(durationMs).toBeGreaterThan(5900);

  const watched = await runLoads(workspace, [...args, '-x', '--report', 'report.html', '--health-check']);
  expect(watched.exitCode).toBe(104);
  for (const name of ['-x', '--report', '--health-check']) expect(watched.stderr).toContain(name);
});

test('a health check asks every node what it reaches, and makes no load', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  const config = (backend: string): string => `
scenario: ./visit.ts
target: ${target.url}
nodes: 2
proxies: { web: { protocol: http, behavior: error }, db: { backend: "${backend}" } }
chaos: [{ at: 0s, for: 1s, proxy: web, behavior: error }]
thresholds: { http_req_failed: rate<0.01 }
`;
  await workspace.write('loads.yml', config(target.stock));
  const good = await runLoads(workspace, ['run', '--health-check']);
  expect(good.exitCode, good.stdout).toBe(0);
  expect((await workspace.summary()).iterations).toMatchObject([{ scenario: 'health check', ok: 2, failed: 0 }]);
  expect((await target.stats()).total).toBe(0);

  await rm(workspace.file('.loads'), { recursive: true });
  await workspace.write('loads.yml', config('127.0.0.1:1'));
  // As the first Loads called it.
  const bad = await runLoads(workspace, ['run', '--check-cluster']);
  expect(bad.exitCode, bad.stdout).toBe(97);
  for (const node of [1, 2]) expect(bad.stdout).toContain(`node ${node} does not reach the backend of db, 127.0.0.1:1`);
});
