import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

test('faults are counted by entry, phases are split, and thresholds can look at one fault alone', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write(
    'loads.yml',
    `
scenario: ./visit.ts
target: ${target.url}
nodes: 2
workers: 6
duration: 11s
recovery: 1s
seed: 7
proxies:
  web: { protocol: http }
chaos:
  - { name: slow, at: 1s, for: 3s, proxy: web, behavior: '30:delay', sleep: 200ms }
  - { name: broken, at: 6s, for: 3s, proxy: web, behavior: '40:error', code: 503 }
thresholds:
  http_req_failed{phase:steady}: rate<0.01
  http_req_failed{fault:slow}: rate<0.01
  http_req_failed{fault:broken}: ['rate>0.1', 'rate<0.8']
  http_req_duration{fault:slow}: max>=200
  faults{fault:broken}: count>10
`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run']);
  expect(exitCode, stdout).toBe(0);
  const summary = await workspace.summary();
  const stats = await target.stats();

  const count = { delay: 0, error: 0, ...countsOf(summary.faults) };
  const mark = { id: expect.stringContaining('-web-'), atMs: expect.any(Number) };
  const of = { proxy: 'web', protocol: 'http', first: mark, last: mark };
  expect(summary.faults).toEqual([
    { ...of, fault: 'broken', behavior: 'error', count: count.error },
    { ...of, fault: 'slow', behavior: 'delay', count: count.delay },
  ]);
  const [broken, slow] = summary.faults;
  expect((broken?.first?.atMs ?? 0) - (slow?.last?.atMs ?? 0)).toBeGreaterThan(500);
  expect(count.delay).toBeGreaterThan(5);
  expect(count.error).toBeGreaterThan(5);
  // An answer that the proxy makes up is a failure here, and the service never sees its request.
  expect(summary.total.ko).toBe(count.error);
  expect(summary.failures).toEqual([{ failure: 'status', count: count.error }]);
  expect(stats.total).toBe(summary.total.ok);

  const { steady, chaos, recovery } = summary.total.phases;
  expect(steady?.ko).toBe(0);
  // A proxy whose timer is late still injects for a moment when the plan's window is over.
  expect((chaos?.ko ?? 0) + (recovery?.ko ?? 0)).toBe(count.error);
  expect(chaos?.ko).toBeGreaterThan(5);
  expect(recovery?.ok).toBeGreaterThan(0);
  const sum = Object.values(summary.total.phases).reduce((total, { ok, ko }) => total + ok + ko, 0);
  expect(sum).toBe(summary.total.ok + summary.total.ko);
  expect(summary.thresholds.map(({ ok }) => ok)).toEqual([true, true, true, true, true, true]);
});

test('a fault that touched nothing makes the run invalid', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write(
    'loads.yml',
    `
scenario: ./visit.ts
target: ${target.url}
duration: 5s
proxies:
  stock: { protocol: http, backend: '${target.stock}' }
chaos:
  - { name: away, at: 500ms, for: 3s, proxy: stock, behavior: blackout }
`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml']);
  expect(exitCode, stdout).toBe(98);
  expect((await workspace.summary()).reasons).toEqual(['fault away touched nothing on proxy stock']);
  expect(stdout).toMatch(/INVALID[\s\S]*fault away touched nothing on proxy stock/);
});

test('requests that hang or are cut are failures by class, and every worker goes on when the fault is over', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('note-iterations.ts');
  await workspace.write(
    'loads.yml',
    `
scenario: ./note-iterations.ts
target: ${target.url}
nodes: 2
workers: 4
duration: 6s
recovery: 1s
env: { NOTES: '${workspace.file('notes')}' }
proxies:
  web: { protocol: http }
chaos:
  - { name: silence, at: 1s, for: 2s, proxy: web, behavior: hang }
  - { name: cut, at: 4s, for: 500ms, proxy: web, behavior: blackout }
`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml']);
  expect(exitCode, stdout).toBe(0);
  const { faults, failures, total, iterations } = await workspace.summary();
  const stats = await target.stats();

  const {
    timeout = 0,
    reset = 0,
    ...others
  } = Object.fromEntries(failures.map(({ failure, count }) => [failure, count]));
  expect(others).toEqual({});
  expect(timeout).toBeGreaterThanOrEqual(4);
  expect(reset).toBeGreaterThanOrEqual(4);
  const injected = faults.reduce((sum, { count }) => sum + count, 0);
  // On a machine that stands still for a moment, a worker may use a connection that was cut while it was idle, or give up by itself.
  expect(timeout + reset - injected).toBeGreaterThanOrEqual(0);
  expect(timeout + reset - injected).toBeLessThanOrEqual(8);
  expect(total.ko).toBe(timeout + reset);
  expect(stats.total - total.ok).toBeGreaterThanOrEqual(0);
  expect(stats.total - total.ok).toBeLessThanOrEqual(8);
  expect(iterations.map(({ ok, failed }) => [ok, failed])).toEqual([[total.ok, total.ko]]);

  const start = JSON.parse(await readFile(join(await workspace.run(), 'nodes/1/start.json'), 'utf8')) as {
    atMs: number;
  };
  const notes = (await workspace.lines('notes')).map((line) => line.split(' ').map(Number));
  const after = new Set(notes.filter(([, atMs = 0]) => atMs > start.atMs + 4500).map(([worker]) => worker));
  expect([...after].sort()).toEqual([0, 1, 2, 3]);
});

function countsOf(rows: readonly { behavior: string; count: number }[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ behavior, count }) => [behavior, count]));
}
