import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type LoadedRun, loadRun } from './load-plan.ts';
import { MOLOTOV_OPTIONS } from './molotov-options.ts';

async function load(molotov: unknown, run?: string): Promise<LoadedRun> {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-molotov-'));
  for (const name of ['loadtest.ts', 'ext.ts']) await writeFile(join(dir.path, name), '');
  const file = join(dir.path, 'molotov.json');
  await writeFile(file, JSON.stringify(molotov, undefined, 1));
  return await loadRun({ file, run, flags: [], env: {}, defaultSeed: 1 });
}

function tests(test: Readonly<Record<string, unknown>>): unknown {
  return { molotov: { env: { SERVER: '${AS_IT_IS}' }, tests: { test: { scenario: 'loadtest.ts', ...test } } } };
}

test('every option has its meaning, and the load is the one that Molotov made', async () => {
  const { plan, notes } = await load(
    tests({
      ...{ workers: 10, processes: 2, duration: 30, ramp_up: 5, delay: 0.5, max_runs: 7, exception: true, fail: 3 },
      ...{ single_mode: 'one', use_extension: ['ext.ts'], force_shutdown: true },
    }),
  );
  expect(plan).toMatchObject({
    ...{ name: 'test', workers: 20, processes: 2, durationMs: 30_000, stopOnFailure: true, failAt: 3 },
    ...{ singleMode: 'one', gracefulStopMs: 0, env: { SERVER: '${AS_IT_IS}' } },
    extensions: [expect.stringMatching(/^\/.*\/ext\.ts$/)],
    load: [
      {
        delay: { minMs: 500, maxMs: 500 },
        maxRuns: 7,
        model: { kind: 'workers', profile: [{ forMs: 5000 }, { forMs: 25_000 }] },
      },
    ],
  });
  expect(notes).toEqual([]);
});

test('switches that are false are not set', async () => {
  const off = Object.fromEntries(
    [...MOLOTOV_OPTIONS.keys()].filter((key) => key !== 'scenario').map((key) => [key, false]),
  );
  const { plan, notes } = await load(tests({ ...off, workers: 2 }));
  expect(plan).toMatchObject({ workers: 2, durationMs: 86_400_000, gracefulStopMs: 30_000 });
  expect(plan).not.toHaveProperty('stopOnFailure');
  expect(plan).not.toHaveProperty('load');
  expect(notes).toEqual([]);
});

test('a functional test takes no duration', async () => {
  const { plan } = await load(tests({ single_run: true, duration: 10 }));
  expect(plan).toMatchObject({ durationMs: null, load: [{ model: { kind: 'once' } }] });
});

test('a sizing is searched for up to the workers of the file', async () => {
  const { plan, notes } = await load(
    tests({ sizing: true, sizing_tolerance: 2, workers: 50, processes: 2, ramp_up: 9 }),
  );
  expect(plan).toMatchObject({ workers: 100, durationMs: 15_000, sizing: { tolerance: 0.02 } });
  expect(notes).toEqual(['molotov.json: without effect here: ramp_up (a sizing ramps each of its trials)']);
  expect((await load(tests({ sizing: true }))).plan).toMatchObject({ workers: 500, sizing: { tolerance: 0.05 } });
});

test('what says nothing here is named in one line', async () => {
  const content = {
    molotov: {
      requirements: 'r.txt',
      tests: { a: { scenario: 'loadtest.ts', uvloop: true, quiet: true, verbose: 2, console: false } },
    },
  };
  const { notes } = await load(content);
  expect(notes).toEqual([
    'molotov.json: without effect here: uvloop (Node has its own event loop); quiet, verbose (how it shows is for the command line: -q, -v); requirements (they are packages of Python)',
  ]);
});

test('Python is run by Molotov itself, with the flags of the file and our statsd', async () => {
  const test = {
    scenario: 'loadtest.py',
    workers: 3,
    statsd: true,
    statsd_address: 'udp://x:1',
    console: true,
    single_run: false,
    exception: true,
    use_extension: ['a.py', 'b'],
  };
  const { plan, notes, directory } = await load({ molotov: { tests: { big: test } } }, 'big');
  if (plan.scenario.kind !== 'command') throw new Error('it is no command');
  const [python, dash, entry, ...args] = plan.scenario.command;
  expect([python, dash]).toEqual(['python3', '-c']);
  expect(entry).toMatch(/STATSD_HOST.*"--statsd-address", address/);
  expect(args).toEqual([
    join(directory, 'loadtest.py'),
    '--workers',
    '3',
    '--exception',
    '--use-extension',
    'a.py',
    'b',
  ]);
  expect(plan).toMatchObject({ name: 'big', durationMs: null });
  expect(notes).toEqual([expect.stringContaining('run by Molotov itself')]);
});

test.each([
  [
    'an unknown option',
    tests({ worker: 1 }),
    "molotov.json:9:5 worker: Molotov has no option 'worker'; did you mean 'workers'?",
  ],
  ['a wrong value', tests({ ramp_up: 'long' }), /^molotov\.json:9:5 rampUp: expected a duration/],
  [
    'an unknown key',
    { molotov: { tests: { test: { scenario: 'loadtest.ts' } }, ev: {} } },
    'molotov.json:8:3 ev: expected env, requirements, tests',
  ],
  ['no tests', { molotov: {} }, /^molotov\.json:2:2 expected `tests`/],
])('%s is told with its place', async (_, content, message) => {
  const failing = load(content);
  await expect(failing).rejects.toMatchObject({
    ...{ code: 'ERR_CONFIG', message: typeof message === 'string' ? message : expect.stringMatching(message) },
  });
});

test('without a name it is the test called `test`', async () => {
  const two = { molotov: { tests: { a: { scenario: 'loadtest.ts' }, test: { scenario: 'loadtest.ts', workers: 5 } } } };
  expect((await load(two)).plan).toMatchObject({ workers: 5 });
  await expect(load(two, 'b')).rejects.toMatchObject({
    code: 'ERR_USAGE',
    message: "molotov.json has no run 'b'; did you mean 'a'?",
  });
});
