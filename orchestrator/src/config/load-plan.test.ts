import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunPlan } from '@loads/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPlan, type PlanRequest } from './load-plan.ts';
import { overrideOf } from './overrides.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loads-plan-'));
  await writeFile(join(dir, 'shop.ts'), '');
});
afterAll(() => rm(dir, { recursive: true }));

const nothing = { flags: [], env: {}, defaultSeed: 7 };

async function plan(text: string, request: Partial<PlanRequest> = {}): Promise<RunPlan> {
  const file = join(dir, 'loads.yml');
  await writeFile(file, text);
  return loadPlan({ ...nothing, file, ...request });
}

async function linesOf(failing: Promise<RunPlan>): Promise<readonly string[]> {
  const error = await failing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'ERR_CONFIG', exitCode: 104 });
  return error instanceof Error ? error.message.split('\n') : [];
}

test('defaults < file < environment < flags', async () => {
  const text = 'scenario: shop.ts\nworkers: 2\nduration: 2s\nnodes: 2\nenv: { A: file, B: file }\n';
  const env = { LOADS_WORKERS: '3', LOADS_DURATION: '3s' };
  const flags = [
    overrideOf(['workers'], '4', '--workers'),
    { path: ['env', 'B'], value: 'flag', origin: '--env' } as const,
  ];
  expect(await plan(text, { env, flags })).toMatchObject({
    ...{ gracefulStopMs: 30_000, seed: 7, nodes: 2, durationMs: 3000, workers: 4 },
    env: { A: 'file', B: 'flag' },
    scenario: { kind: 'script', file: join(dir, 'shop.ts') },
  });
});

test('a scenario file alone is a plan, and so is a command', async () => {
  const file = join(dir, 'shop.ts');
  expect(await loadPlan({ ...nothing, file })).toMatchObject({ name: 'shop', scenario: { kind: 'script', file } });
  expect(await loadPlan({ ...nothing, command: ['true', '-x'] })).toMatchObject({
    scenario: { kind: 'command', command: ['true', '-x'] },
  });
});

test('a command takes the place of what the file would run', async () => {
  const expected = { scenario: { kind: 'command', command: ['true'] }, nodes: 3 };
  expect(await plan('scenario: ./none.ts\nnodes: 3', { command: ['true'] })).toMatchObject(expected);
  expect(await plan('scenario: ${NONE}\nnodes: 3', { command: ['true'] })).toMatchObject(expected);
  expect(await plan('command: [false]\nnodes: 3', { command: ['true'] })).toMatchObject(expected);
});

test('every problem is told, each under the name that its user knows', async () => {
  const text = `scenario: shop.ts
nodes: 3
wrokers: 4
proxies:
  web: { protocol: http, backend: 'web:80', behavior: '5:dealy' }
thresholds:
  checks: rate>0.9
  http_reqs:
    - p(95)<1
env:
  A: [1]
`;
  const request = {
    env: { LOADS_DURATION: 'long', LOADS_NODES: 'x' },
    flags: [
      overrideOf(['nodes'], '0', '--nodes'),
      overrideOf(['target'], 'shop', '--target'),
      { path: ['env', 'B'], value: '1', origin: '--env' } as const,
    ],
  };
  const lines = await linesOf(plan(text, request));
  expect(lines.toSorted()).toEqual([
    '--nodes: expected 1 or more',
    '--target: expected an http or https URL such as http://127.0.0.1:8080',
    "LOADS_DURATION: expected a duration such as 250ms, 10s or 1h30m, got 'long'",
    'loads.yml:11:3 env.A: expected a text',
    "loads.yml:3:1 wrokers: unknown key 'wrokers'; did you mean 'workers'?",
    "loads.yml:9:7 thresholds.http_reqs[0]: http_reqs is a counter and has no 'p'; a counter has count, rate",
  ]);
});

test('what is wrong with a behavior has its place', async () => {
  const text = "scenario: shop.ts\nproxies:\n  web:\n    backend: 'web:80'\n    behavior: '5:dealy'\n";
  const [line, ...more] = await linesOf(plan(text));
  expect(line).toMatch(/^loads\.yml:5:5 proxies\.web\.behavior: .*dealy/);
  expect(more).toEqual([]);
});

test('a variable that is not set is one problem, and none when a flag stands over it', async () => {
  const text = 'scenario: shop.ts\ntarget: ${TARGET}\n';
  expect(await linesOf(plan(text))).toEqual(['loads.yml:2:1 target: the environment variable TARGET is not set']);
  const target = 'http://127.0.0.1:1';
  expect(await plan(text, { flags: [overrideOf(['target'], target, '--target')] })).toMatchObject({ target });
});

test('without a file, a problem has the name of its key', async () => {
  const flags = [overrideOf(['nodes'], '3', '--nodes'), overrideOf(['workers'], '2', '--workers')];
  const failing = loadPlan({ ...nothing, file: join(dir, 'shop.ts'), flags });
  expect(await linesOf(failing)).toEqual(['--nodes: 3 nodes need at least one worker each, and there are 2 in all']);
});

test.each([
  [{}, 'nothing to run: give a scenario file, a loads.yml, or `-- command`'],
  [{ command: [] }, 'there is no command after `--`'],
  [{ file: 'shop.ts', command: ['true'] }, 'there are two things to run: shop.ts, and what follows `--`'],
])('%j is no request', async (request, message) => {
  await expect(loadPlan({ ...nothing, ...request })).rejects.toMatchObject({ code: 'ERR_USAGE', message });
});

test('a scenario that is not there is told, with its place when a file names it', async () => {
  const none = join(dir, 'none.ts');
  const missing = { code: 'ERR_FILE_MISSING', exitCode: 104 };
  await expect(loadPlan({ ...nothing, file: none })).rejects.toMatchObject({
    ...{ ...missing, message: `there is no scenario file ${none}` },
  });
  await expect(plan('name: x\nscenario: ./none.ts')).rejects.toMatchObject({
    ...{ ...missing, message: `loads.yml:2:1 scenario: there is no scenario file ${none}` },
  });
  await expect(loadPlan({ ...nothing, file: dir })).rejects.toMatchObject({
    message: expect.stringMatching(/is no file$/),
  });
});
