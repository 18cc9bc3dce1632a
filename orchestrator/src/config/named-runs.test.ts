import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { listRuns } from './list-runs.ts';
import { loadPlan, type PlanRequest } from './load-plan.ts';

const FILE = `scenario: ./shop.ts
workers: 4
duration: 20s
env: { A: shared, B: shared }
thresholds: { checks: rate>0.9 }
runs:
  small: { iterations: 8 }
  big:
    name: huge
    workers: 100
    env: { B: big }
    thresholds: { http_reqs: count>1 }
  other: { command: [ls], nodes: 2, duration: 1s, workers: ~ }
`;

async function plan(text: string, request: Partial<PlanRequest> = {}): Promise<RunPlan> {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-runs-'));
  await writeFile(join(dir.path, 'shop.ts'), '');
  await writeFile(join(dir.path, 'loads.yml'), text);
  return await loadPlan({ file: join(dir.path, 'loads.yml'), flags: [], env: {}, defaultSeed: 1, ...request });
}

test('a run has what the file says for all of them, with its own over it', async () => {
  expect(await plan(FILE, { run: 'big' })).toMatchObject({
    ...{ name: 'huge', workers: 100, durationMs: 20_000, env: { A: 'shared', B: 'big' } },
    thresholds: [{ metric: 'checks' }, { metric: 'http_reqs' }],
  });
  const small = await plan(FILE, { run: 'small' });
  expect(small).toMatchObject({ name: 'shop-small', workers: 4, env: { A: 'shared', B: 'shared' } });
  expect(small.load).toMatchObject([{ model: { kind: 'iterations', iterations: 8 } }]);
});

test('one way to run stands over the other', async () => {
  const text = 'scenario: ./shop.ts\nruns: { a: { command: [ls], nodes: 2 } }';
  expect(await plan(text)).toMatchObject({ name: 'shop-a', nodes: 2, scenario: { kind: 'command', command: ['ls'] } });
});

test('a run that makes its load in another way replaces what it contradicts', async () => {
  const text = 'scenario: ./shop.ts\nrate: 5/s\nruns: { a: { iterations: 3 } }';
  expect(await plan(text)).toMatchObject({ load: [{ model: { kind: 'iterations', iterations: 3 } }] });
});

test('flags and environment stand over the run', async () => {
  expect(await plan(FILE, { run: 'big', env: { LOADS_WORKERS: '7' } })).toMatchObject({ workers: 7 });
});

test.each([
  ['several and none named', FILE, undefined, 'loads.yml has several runs: small, big, other'],
  ['one that is not there', FILE, 'smal', "loads.yml has no run 'smal'; did you mean 'small'?"],
  ['a file without runs', 'scenario: ./shop.ts', 'big', "loads.yml has no `runs`, and so none called 'big'"],
])('%s is refused', async (_, text, run, message) => {
  await expect(plan(text, { run })).rejects.toMatchObject({ code: 'ERR_USAGE', message });
});

test('without a name it is the only one, or the one called default', async () => {
  expect(await plan('scenario: ./shop.ts\nruns: { a: { workers: 3 } }')).toMatchObject({ workers: 3 });
  const two = 'scenario: ./shop.ts\nruns: { a: { workers: 3 }, default: { workers: 2 } }';
  expect(await plan(two)).toMatchObject({ workers: 2, name: 'shop-default' });
  expect(await plan(`name: own\n${two}`)).toMatchObject({ workers: 2, name: 'own-default' });
});

test.each([
  ['runs: 5', 'loads.yml:2:1 runs: expected runs by their names'],
  ['runs: {}', 'loads.yml:2:1 runs: expected runs by their names'],
  ['runs: { a: 5 }', 'loads.yml:2:9 runs.a: expected keys of a run'],
  ['runs: { a: { wrokers: 5 } }', "loads.yml:2:14 wrokers: unknown key 'wrokers'; did you mean 'workers'?"],
  ['runs: { a: { runs: {} } }', 'loads.yml:2:14 runs.a.runs: a run has no runs of its own'],
  ['runs: { a: { target: "${X_NONE}" } }', 'loads.yml:2:14 target: the environment variable X_NONE is not set'],
  ['target: "${X_NONE}"\nruns: { a: {} }', 'loads.yml:2:1 target: the environment variable X_NONE is not set'],
])('%s is told with its place', async (text, message) => {
  await expect(plan(`scenario: ./shop.ts\n${text}`)).rejects.toMatchObject({ code: 'ERR_CONFIG', message });
});

test('what is wrong with another run, or is said anew, harms none', async () => {
  const text =
    'scenario: ./shop.ts\ntarget: "${X_NONE}"\nruns: { a: { target: "http://a" }, b: { name: "${X_NONE}" } }';
  expect(await plan(text, { run: 'a' })).toMatchObject({ target: 'http://a' });
});

test('all runs of a file can be listed', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-runs-'));
  const file = join(dir.path, 'loads.yml');
  await writeFile(file, FILE);
  expect(await listRuns(file, {})).toEqual(['small', 'big', 'other']);
  await writeFile(file, 'scenario: ./shop.ts');
  expect([await listRuns(file, {}), await listRuns('shop.ts', {})]).toEqual([[undefined], [undefined]]);
});
