import { expect, test } from 'vitest';
import { parsePlan } from '../plan/parse-plan.ts';
import { formatPath } from '../plan/problem.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { profileMs } from './profile.ts';

const catalog = {
  protocols: ['tcp'],
  parse: () => ({ behaviors: [] }),
  proxy: (rest: Readonly<Record<string, unknown>>) => ({ settings: undefined, rest, problems: [] }),
};

function parsed(config: Readonly<Record<string, unknown>>): ReturnType<typeof parsePlan> {
  return parsePlan({ scenario: 'shop.ts', ...config }, { catalog, defaultSeed: 1 });
}

function plan(config: Readonly<Record<string, unknown>>): RunPlan {
  const result = parsed(config);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

function problems(config: Readonly<Record<string, unknown>>): readonly string[] {
  const result = parsed(config);
  return 'problems' in result ? result.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`) : [];
}

const hold = (value: number, forMs: number): object => ({ forMs, from: value, to: value });

test('no more than workers for a while is no model of its own', () => {
  expect(plan({ workers: 5, duration: '10s' })).toMatchObject({ workers: 5, durationMs: 10_000 });
  expect(plan({ workers: 5, duration: '10s' }).load).toBeUndefined();
  // One for each process.
  expect(plan({ nodes: 2, processes: 3 })).toMatchObject({ workers: 6, processes: 3 });
  expect(plan({ nodes: 2, workers: 3, each: true })).toMatchObject({ workers: 6, each: true });
});

test.each<[Readonly<Record<string, unknown>>, object, number | null]>([
  [
    {
      stages: [
        { for: '30s', workers: 50 },
        { for: '2m', workers: 50 },
      ],
    },
    { kind: 'workers', profile: [{ forMs: 30_000, from: 0, to: 50 }, hold(50, 120_000)] },
    150_000,
  ],
  [
    { workers: 10, stages: [{ for: 5, workers: 0 }] },
    { kind: 'workers', profile: [{ forMs: 5000, from: 10, to: 0 }] },
    5000,
  ],
  [
    { workers: '10:20', duration: '10s', rampUp: '2s' },
    {
      kind: 'workers',
      profile: [{ forMs: 2000, from: 0, to: 10 }, hold(10, 8000), { forMs: 2000, from: 10, to: 20 }, hold(20, 8000)],
    },
    20_000,
  ],
  [
    { rate: '500/s', duration: '2m' },
    { kind: 'arrivals', profile: [hold(500, 120_000)], spacing: 'even', workers: 1, maxWorkers: 5000 },
    120_000,
  ],
  [
    { rate: '30/m', arrivals: 'poisson', duration: '1s', workers: 7, maxWorkers: 9 },
    { kind: 'arrivals', profile: [hold(0.5, 1000)], spacing: 'poisson', workers: 7, maxWorkers: 9 },
    1000,
  ],
  [
    {
      rate: 10,
      stages: [
        { for: '10s', rate: '100/s' },
        { for: '5s', rate: 0 },
      ],
    },
    {
      kind: 'arrivals',
      profile: [
        { forMs: 10_000, from: 10, to: 100 },
        { forMs: 5000, from: 100, to: 0 },
      ],
      spacing: 'even',
      workers: 1,
      maxWorkers: 1000,
    },
    15_000,
  ],
  [{ iterations: 100, workers: 4 }, { kind: 'iterations', workers: 4, iterations: 100, rampUpMs: 0 }, null],
  [{ iterations: 100, duration: '5s' }, { kind: 'iterations', workers: 1, iterations: 100, rampUpMs: 0 }, 5000],
  [
    { workers: '2:3', hits: '5:6' },
    {
      kind: 'hits',
      rounds: [
        { workers: 2, hits: 5 },
        { workers: 2, hits: 6 },
        { workers: 3, hits: 5 },
        { workers: 3, hits: 6 },
      ],
      rampUpMs: 0,
    },
    null,
  ],
  [{ singleRun: true }, { kind: 'once', workers: 1 }, null],
])('%j is the model %j', (config, model, durationMs) => {
  const { load, durationMs: lasts } = plan(config);
  expect(load).toMatchObject([{ atMs: 0, model }]);
  expect(lasts).toBe(durationMs);
});

test('delay, pacing and the most runs go with any workers', () => {
  expect(plan({ workers: 2, delay: '1s-3s', pacing: '5s', maxRuns: 7, duration: '9s' }).load).toEqual([
    {
      atMs: 0,
      durationMs: 9000,
      model: { kind: 'workers', profile: [hold(2, 9000)] },
      delay: { minMs: 1000, maxMs: 3000 },
      pacingMs: 5000,
      maxRuns: 7,
    },
  ]);
  expect(plan({ delay: 0.5 }).load?.[0]?.delay).toEqual({ minMs: 500, maxMs: 500 });
});

test('scenarios have loads and begins of their own, and take the duration of the run', () => {
  const { load, durationMs, workers } = plan({
    duration: '20s',
    scenarios: { read: { rate: '10/s', at: '5s' }, write: { workers: 3, duration: '50s' }, once: { iterations: 5 } },
  });
  expect(load).toMatchObject([
    { scenario: 'read', atMs: 5000, durationMs: 20_000, model: { kind: 'arrivals' } },
    { scenario: 'write', atMs: 0, durationMs: 50_000, model: { kind: 'workers' } },
    { scenario: 'once', durationMs: null, model: { kind: 'iterations' } },
  ]);
  expect([durationMs, workers]).toEqual([null, 5]);
  expect(plan({ scenarios: { a: { stages: [{ for: 7, workers: 2 }], at: 3 } } }).durationMs).toBe(10_000);
});

test('a run has the length of its profile', () => {
  const { load, durationMs } = plan({ workers: '1:2:3', duration: '7s' });
  const [group] = load ?? [];
  expect(group?.model.kind === 'workers' && profileMs(group.model.profile)).toBe(durationMs);
});

test.each<[Readonly<Record<string, unknown>>, readonly string[]]>([
  [{ stages: [{ for: '1s', workers: 1 }], duration: '1s' }, ['stages: `stages` and `duration` exclude each other']],
  [{ rate: '1/s', iterations: 5 }, ['rate: `rate` and `iterations` exclude each other']],
  [{ iterations: 5, hits: 5 }, ['iterations: `iterations` and `hits` exclude each other']],
  [
    {
      stages: [
        { for: '1s', workers: 1 },
        { for: '1s', rate: 5 },
      ],
    },
    ['stages: its stages are of workers or of rates (`100/s`), not both'],
  ],
  [{ stages: [{ for: '1s' }] }, ['stages[0]: expected `workers` or `rate`']],
  [{ stages: [] }, ['stages: expected at least one stage']],
  [{ stages: [{ for: 0, workers: 5 }] }, ['stages: take no time', 'stages: are 0 from begin to end']],
  [{ stages: [{ fr: 1, for: 1, workers: 5 }] }, ["stages[0].fr: unknown key 'fr'; did you mean 'for'?"]],
  [{ arrivals: 'poisson' }, ['arrivals: needs a `rate`']],
  [{ rate: 'fast' }, ["rate: expected a rate such as 500/s or 30/m, got 'fast'"]],
  [{ rate: 0 }, ['rate: expected a rate over 0']],
  [{ rate: 1, workers: 9, maxWorkers: 5 }, ['maxWorkers: is less than `workers`, which are ready at the start']],
  [{ workers: 0 }, ['workers: expected a whole number of 1 or more, or cycles such as 10:20:30']],
  [{ workers: '3:x' }, ["workers: expected a whole number of 1 or more, or cycles such as 10:20:30, got '3:x'"]],
  [{ workers: '3:4', rate: 5 }, ['workers: cycles go with `duration` or `hits` only']],
  [{ delay: '3s-1s' }, ["delay: expected a pause such as 1s or 1s-3s, got '3s-1s'"]],
  [{ scenarios: { a: { rte: 5 } } }, ["scenarios.a.rte: unknown key 'rte'; did you mean 'rate'?"]],
  [{ scenarios: { a: {} }, rate: 5 }, ['rate: each of `scenarios` has a load of its own']],
  [
    { nodes: 2, processes: 2, workers: 3 },
    ['processes: 4 processes of all nodes need at least one worker each, and there are 3 in all'],
  ],
])('%j is refused', (config, expected) => {
  expect(problems(config)).toEqual(expected);
});

test('a command has no load model', () => {
  const result = parsePlan({ command: ['x'], rate: 5, processes: 2 }, { catalog, defaultSeed: 1 });
  expect('problems' in result && result.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`)).toEqual(
    [
      'rate: a command runs once on each node: say `nodes` instead',
      'processes: a command has one process on each node',
    ],
  );
});

test('a command for each worker has workers, hits and a ramp-up, and nothing else of a load', () => {
  const command = ['x'];
  const result = parsePlan(
    { command, perWorker: true, nodes: 2, workers: 6, hits: 10, rampUp: '2s' },
    { catalog, defaultSeed: 1 },
  );
  expect(result).toMatchObject({
    plan: {
      workers: 6,
      durationMs: null,
      scenario: { kind: 'command', command, perWorker: { rampUpMs: 2000, hits: 10 } },
    },
  });
});

test('a command for each worker has cycles: each number of workers with each number of hits', () => {
  const result = parsePlan(
    { command: ['x'], perWorker: true, nodes: 2, workers: '1:4', hits: '10:20' },
    { catalog, defaultSeed: 1 },
  );
  const cycles = [
    { workers: 1, hits: 10 },
    { workers: 1, hits: 20 },
    { workers: 4, hits: 10 },
    { workers: 4, hits: 20 },
  ];
  expect(result).toMatchObject({ plan: { workers: 4, scenario: { perWorker: { rampUpMs: 0, cycles } } } });
});

test.each([
  [{ command: ['x'], workers: 3 }, 'workers: a command runs once on each node: say `nodes` instead, or `perWorker`'],
  [{ command: ['x'], perWorker: true, rate: 5 }, 'rate: a command runs once for each worker: say `workers` instead'],
  [
    { command: ['x'], perWorker: true, nodes: 3, workers: 2 },
    'nodes: 3 nodes need at least one worker each, and there are 2 in all',
  ],
  [{ command: ['x'], each: true }, 'each: is for a scenario: a command runs on every node'],
  [{ scenario: 'x.ts', perWorker: true }, 'perWorker: is for a `command`: a scenario file has workers by itself'],
])('of a command, %j is refused', (config, expected) => {
  const result = parsePlan(config, { catalog, defaultSeed: 1 });
  expect('problems' in result && result.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`)).toEqual(
    [expected],
  );
});
