import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runLoads, startLoads } from '../support/loads.ts';
import { startTarget, type Target } from '../support/target.ts';
import { Workspace } from '../support/workspace.ts';

let target: Target;

beforeAll(async () => {
  target = await startTarget();
});

afterAll(async () => {
  await target?.[Symbol.asyncDispose]();
});

function config(): string {
  return `
name: edge
scenario: ./ask.ts
target: ${target.url}
workers: 4
duration: 1500ms
recovery: 0
gracefulStop: 2s
seed: 3
proxies:
  web: { protocol: http }
chaos:
  - { name: broken, at: 0, for: 1500ms, proxy: web, behavior: '1:error', code: 503, optional: true }
  - { name: slow, at: 0, for: 1500ms, proxy: web, behavior: delay, sleep: 10ms }
thresholds:
  http_req_failed: rate<0.0001
`;
}

const SCENARIO = `import { scenario } from '@loads/node';
  scenario('ask', async ({ http }) => { await http.get('/items/rope', { name: 'item' }); });`;

async function createWorkspace(): Promise<Workspace> {
  const workspace = await Workspace.create();
  await workspace.write('loads.yml', config());
  await workspace.write('ask.ts', SCENARIO);
  return workspace;
}

type Edge = { readonly name: string; readonly load: number };
type Report = {
  readonly vary: string;
  readonly entry: string;
  readonly end: string;
  readonly until: readonly string[];
  readonly holds: Edge;
  readonly breaks: Edge;
  readonly trials: readonly { readonly run: string; readonly load: number; readonly outcome: string }[];
};

async function reportOf(workspace: Workspace): Promise<Report> {
  const folder = workspace.file('.loads/searches');
  const [name = ''] = await readdir(folder);
  return JSON.parse(await readFile(join(folder, name), 'utf8')) as Report;
}

test('a search over the sleep of a fault finds what breaks the latency, and keeps its trials', async () => {
  await using workspace = await createWorkspace();
  const range = ['--from', '150ms', '--to', '600ms', '--precision', '40', '--repeats', '1'];
  const { exitCode, stdout, stderr } = await runLoads(workspace, [
    'search',
    '--vary',
    'sleep',
    '--until',
    'med<300',
    ...range,
  ]);
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/search: holds at sleep \d+ms, breaks at sleep \d+ms/);
  const report = await reportOf(workspace);
  expect(report).toMatchObject({
    vary: 'sleep',
    entry: 'slow',
    end: 'service',
    until: ['http_req_duration: med<300'],
  });
  // A request cannot take less than it is held for.
  expect(report.holds.load).toBeLessThan(300);
  expect(report.breaks.load - report.holds.load).toBeLessThanOrEqual(0.4 * report.holds.load);
  // A trial that says nothing, of a machine that stood still, is made again.
  const told = report.trials.filter(({ outcome }) => outcome !== 'invalid');
  for (const { load, outcome } of told) if (load >= 300) expect(outcome).toBe('broke');
  expect(told.map(({ load }) => load).slice(0, 2)).toEqual([150, 300]);
  // Each trial is a run in the store, which says whose it is and what was tried.
  const runs = await workspace.runs();
  expect(runs.map((run) => run.split('/').at(-1))).toEqual(report.trials.map(({ run }) => run));
  const record = JSON.parse(await readFile(join(await workspace.run(), 'run.json'), 'utf8')) as {
    plan: { schedule: { name: string; behaviors: { options: { sleep?: number } }[] }[] };
    labels: Record<string, string>;
  };
  expect(record.labels).toHaveProperty('search');
  const slow = record.plan.schedule.find(({ name }) => name === 'slow');
  expect(slow?.behaviors[0]?.options.sleep).toBe(report.trials.at(-1)?.load);
  await workspace.quiet();
});

test('a search over the percentage of a fault finds the share that breaks the failure rate', async () => {
  await using workspace = await createWorkspace();
  const range = ['--from', '15', '--to', '80', '--precision', '99', '--repeats', '1', '--entry', 'broken'];
  const { exitCode, stdout, stderr } = await runLoads(workspace, [
    'search',
    '--vary',
    'percentage',
    '--until',
    'rate<0.4',
    ...range,
  ]);
  expect(exitCode, stdout + stderr).toBe(0);
  const { holds, breaks, trials } = await reportOf(workspace);
  expect(holds.load).toBeGreaterThanOrEqual(30);
  expect(breaks.load).toBeLessThanOrEqual(60);
  expect(
    trials
      .filter(({ outcome }) => outcome !== 'invalid')
      .slice(0, 3)
      .map(({ load, outcome }) => [load, outcome]),
  ).toEqual([
    [15, 'held'],
    [30, 'held'],
    [60, 'broke'],
  ]);
});

test('Ctrl-C ends a search with what is known so far', async () => {
  await using workspace = await createWorkspace();
  const args = ['search', '--vary', 'rate', '--until', 'p(95)<2s', '--from', '2/s', '--to', '200/s', '-d', '1s'];
  await workspace.write('loads.yml', config().replace(/chaos:[\s\S]*thresholds/, 'thresholds'));
  await using loads = startLoads(workspace, args);
  await loads.shows(/ramp +2\/s +held/);
  loads.ctrlC();
  const { exitCode, stdout } = await loads.ended;
  expect([exitCode, stdout]).toEqual([
    105,
    expect.stringContaining('not finished, stopped by the user; so far 2/s held'),
  ]);
  expect(await reportOf(workspace)).toMatchObject({ vary: 'rate', end: 'stopped', holds: { load: 2 } });
  await workspace.quiet();
});
