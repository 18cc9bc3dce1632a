import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mergeTimelines, type NodeResult, nodeResultFromJson } from '@loads/core';
import { expect, test } from 'vitest';
import { runLoads } from '../support/loads.ts';
import { startTarget } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

async function resultsOf(workspace: Workspace, nodes: number): Promise<readonly NodeResult[]> {
  const run = await workspace.run();
  const paths = Array.from({ length: nodes }, (_, i) => join(run, 'nodes', String(i + 1), 'result.json.gz'));
  const files = await Promise.all(paths.map((path) => readFile(path)));
  return files.map((bytes) => nodeResultFromJson(JSON.parse(gunzipSync(bytes).toString())));
}

test('a run over two nodes says what each fault did, and how long it took to get over it', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write(
    'loads.yml',
    `
scenario: ./visit.ts
target: ${target.url}
nodes: 2
workers: 12
duration: 27s
recovery: 1s
seed: 7
proxies:
  web: { protocol: http, behavior: delay, sleep: 200ms }
chaos:
  - { name: slower, at: 6s, for: 2s, proxy: web, behavior: delay, sleep: { from: 500ms, to: 900ms } }
  - { name: down, after: slower, at: 2s, every: 8s, times: 2, for: 2s, proxy: web, behavior: error, code: 503 }
  - { name: never, at: 100ms, for: 100ms, proxy: web, behavior: error, match: { operation: DELETE * }, optional: true }
thresholds:
  recovery_time{fault:down}: max<6s
  detection_time: max<=3s
  http_req_duration: "p(50){fault:slower} > 2 * p(50){phase:steady}"
  http_req_failed{phase:steady}: { threshold: rate<0.01, abortOnFail: true }
`,
  );
  const { exitCode, stdout } = await runLoads(workspace, ['run', 'loads.yml']);
  expect(exitCode, stdout).toBe(0);
  const { recovery = [], thresholds, total, durationMs } = await workspace.summary();
  expect(thresholds.map(({ ok }) => ok)).toEqual([true, true, true, true]);

  const [slower, down] = recovery;
  expect(recovery.map(({ fault }) => fault)).toEqual(['slower', 'down', 'never']);
  // Where the machine stood still before it, what is usual there is as slow as the fault.
  const stoodStill = (total.phases.steady?.duration?.max ?? 0) > 400;
  const effect = stoodStill ? expect.stringMatching(/^(?:degraded|none)$/) : 'degraded';
  expect(slower?.windows).toMatchObject([{ effect, stepMs: 1000 }]);
  expect(down?.windows.map(({ effect }) => effect)).toEqual(['collapsed', 'collapsed']);
  // Requests are stamped with the planned window, and the proxies' timers are a little late.
  expect(down?.failed).toBeGreaterThan(0.99 * total.ko);
  expect(down?.failedBecause).toBeGreaterThan(0.9 * total.ko);
  expect(recovery[2]).toMatchObject({ failed: 0, windows: [{ fault: 'never', proxy: 'web' }] });

  // What happened is known to the millisecond, and is what was planned, on every node.
  const results = await resultsOf(workspace, 2);
  const planned = [100, 6000, 10_000, 18_000];
  const lasts = [100, 2000, 2000, 2000];
  for (const { timeline } of results) {
    const { windows = [] } = timeline ?? {};
    expect(windows.map(({ plannedMs }) => plannedMs)).toEqual(planned);
    for (const [i, { plannedMs, fromMs, toMs }] of windows.entries()) {
      // A timer may fire a little early.
      expect(fromMs).toBeGreaterThanOrEqual(plannedMs - 5);
      expect(toMs).toBeGreaterThanOrEqual(plannedMs - 5 + (lasts[i] ?? 0));
    }
  }
  // Over all nodes the timeline has every request, in the second in which it ended.
  const timeline = mergeTimelines(results.flatMap((result) => (result.timeline ? [result.timeline] : [])));
  const sum = (column: readonly number[]): number => column.reduce((all, one) => all + one, 0);
  expect([sum(timeline.total.count), sum(timeline.total.failed)]).toEqual([total.ok + total.ko, total.ko]);
  expect(timeline.requests.map(({ name }) => name)).toEqual(['GET /items', 'GET /items/:id', 'POST /orders']);
  expect(timeline.total.count.length).toBeLessThanOrEqual(Math.ceil(durationMs / 1000) + 1);
  expect(timeline.total.failed.slice(0, 10)).toEqual(Array(10).fill(0));
  expect(timeline.total.failed[10]).toBeGreaterThan(0);
  expect(timeline.load.workerSeconds[5]).toBe(12);
});

test('a threshold ends a run over all nodes as soon as it does not hold, and the run fails', async () => {
  await using target = await startTarget();
  await using workspace = await Workspace.create('visit.ts');
  await workspace.write(
    'loads.yml',
    `
scenario: ./visit.ts
target: ${target.url}
nodes: 2
workers: 4
duration: 60s
proxies:
  web: { protocol: http }
chaos:
  - { name: broken, at: 2s, for: 50s, proxy: web, behavior: error }
  - { name: later, at: 55s, for: 1s, proxy: web, behavior: error }
thresholds:
  http_req_failed: [{ threshold: rate<0.2, abortOnFail: true, delayAbortEval: 1s }]
`,
  );
  const { exitCode, stdout, tookMs } = await runLoads(workspace, ['run', 'loads.yml']);
  expect(exitCode, stdout).toBe(99);
  expect(tookMs).toBeLessThan(20_000);
  const { outcome, reasons, aborted, thresholds } = await workspace.summary();
  expect(outcome).toBe('failed');
  expect(reasons).toEqual([
    expect.stringMatching(/^threshold http_req_failed: rate<0\.2 ended the run after \d+(\.\d)?s/),
  ]);
  expect(aborted?.actual).toBeGreaterThanOrEqual(0.2);
  expect(thresholds).toMatchObject([{ ok: false }]);
  expect(stdout).toMatch(/FAILED[\s\S]*ended the run/);

  // Whoever comes later finds the same verdict.
  const attached = await runLoads(workspace, ['attach']);
  expect(attached.exitCode, attached.stdout).toBe(99);
  expect((await workspace.summary()).reasons).toEqual(reasons);
});
