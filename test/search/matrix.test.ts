import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { startTarget, type Target } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

type Row = {
  readonly fault?: string;
  readonly run: string;
  readonly outcome: string;
  readonly p95Ms: number;
  readonly cost?: { readonly failed: number; readonly p95Ms: number };
};

let target: Target;

beforeAll(async () => {
  target = await startTarget();
});

afterAll(async () => {
  await target?.[Symbol.asyncDispose]();
});

async function createWorkspace(): Promise<Workspace> {
  const workspace = await Workspace.create();
  await workspace.write(
    'loads.yml',
    `
name: costs
scenario: ./ask.ts
target: ${target.url}
workers: 4
pacing: 20ms
duration: 2s
recovery: 200ms
seed: 3
proxies:
  web: { protocol: http }
chaos:
  - { name: slow, at: 800ms, for: 700ms, proxy: web, behavior: delay, sleep: 300ms }
  - { name: broken, at: 800ms, for: 700ms, proxy: web, behavior: error, code: 503 }
thresholds:
  http_req_failed: rate<0.05
  http_req_duration{fault:slow}: p(95)<2s
  http_req_failed{phase:recovery}: rate<0.9
`,
  );
  await workspace.write(
    'ask.ts',
    `import { scenario } from '@loads/node';
     scenario('ask', async ({ http }) => { await http.get('/items/rope', { name: 'item' }); });`,
  );
  return workspace;
}

test('a matrix runs the load without faults and with each alone, says what each costs, and fails when one run does', async () => {
  await using workspace = await createWorkspace();
  const { exitCode, stdout, stderr } = await runLoads(workspace, ['run', '--matrix', '--json']);
  expect(exitCode, stdout + stderr).toBe(99);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; path: string; report: { rows: Row[] } });
  expect(lines.filter(({ type }) => type === 'cost')).toHaveLength(3);
  const last = lines.at(-1);
  expect(last).toMatchObject({ type: 'matrix', report: { outcome: 'failed', exitCode: 99, runs: 3 } });
  const [without, slow, broken] = last?.report.rows ?? [];
  expect([without, slow, broken].map((row) => [row?.fault, row?.outcome])).toEqual([
    [undefined, 'passed'],
    ['slow', 'passed'],
    ['broken', 'failed'],
  ]);
  // Nothing is faster than what it is held for.
  expect(slow?.p95Ms).toBeGreaterThanOrEqual(299);
  expect(slow?.cost?.failed).toBe(0);
  expect(broken?.cost?.failed).toBeGreaterThan(20);
  const markdown = await readFile((last?.path ?? '').replace(/json$/, 'md'), 'utf8');
  expect(markdown).toMatch(/\| no faults \|[\s\S]*\| slow \|[\s\S]*\| broken \|/);
  // Each is a run in the store, with the one entry that it is about, and the thresholds that it can be held to.
  const record = JSON.parse(
    await readFile(join(workspace.file('.loads/runs'), without?.run ?? '', 'run.json'), 'utf8'),
  ) as {
    plan: { schedule: unknown[]; thresholds: { selector: string }[] };
  };
  expect(record.plan.schedule).toEqual([]);
  expect(record.plan.thresholds.map(({ selector }) => selector)).toEqual(['http_req_failed']);
  await isLookedAfter(workspace, last?.report.rows.map(({ run }) => run) ?? []);
  await workspace.quiet();
});

/** The matrix is shown, listed and removed as one, with its runs. */
async function isLookedAfter(workspace: Workspace, runs: readonly string[]): Promise<void> {
  const loads = (...args: readonly string[]) => runLoads(workspace, args, { DOCKER_HOST: '' });
  const shown = await loads('show');
  expect(shown.stdout, shown.stderr).toMatch(/what each fault costs\n[\s\S]*FAILED {2}(\S+), 3 runs/);
  const id = /FAILED {2}(\S+),/.exec(shown.stdout)?.[1] ?? '';
  const listed = await loads('ps', '--all');
  expect(listed.stdout).toMatch(new RegExp(`^${id} +matrix +ended +3 runs +failed .*matrices/${id}\\.json$`, 'm'));
  expect(listed.stdout).not.toContain(runs[1]);
  const report = await loads('report', id);
  expect([report.exitCode, report.stderr]).toEqual([
    104,
    expect.stringContaining('is no run: it is a matrix of several'),
  ]);
  expect((await loads('rm', id)).stdout).toBe(`removed matrix ${id} with 3 runs\n`);
  expect([await workspace.runs(), await readdir(workspace.file('.loads/matrices'))]).toEqual([[], []]);
}

test('Ctrl-C ends the run that goes on and the matrix with it, and says what was not made', async () => {
  await using workspace = await createWorkspace();
  await using loads = startLoads(workspace, ['run', '--matrix', '-d', '1600ms']);
  await loads.shows(/no faults +passed/);
  await loads.shows(/run 2 of 3: slow/);
  loads.ctrlC();
  const { exitCode, stdout } = await loads.ended;
  expect([exitCode, stdout]).toEqual([105, expect.stringMatching(/STOPPED .* [12] not made/)]);
  expect(stdout).not.toMatch(/^ {2}broken +(?:passed|failed)/m);
  await workspace.quiet();
});
