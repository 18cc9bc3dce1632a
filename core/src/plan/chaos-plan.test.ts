import { expect, test } from 'vitest';
import type { FaultCatalog } from './config-schema.ts';
import { parsePlan } from './parse-plan.ts';
import { formatPath } from './problem.ts';
import type { RunPlan } from './run-plan.ts';

/** Takes any behavior, and shows what it was asked to read. Options that begin with `bad` are none. */
const catalog: FaultCatalog = {
  protocols: ['tcp', 'http'],
  parse(spec, options) {
    const bad = Object.keys(options).filter((key) => key.startsWith('bad'));
    if (bad.length > 0) return { problems: bad.map((key) => ({ path: [key], message: 'no option' })) };
    return { behaviors: [{ percent: 100, behavior: spec, options }] };
  },
  proxy: (rest) => ({ settings: undefined, rest, problems: [] }),
};
const PROXIES = { db: { backend: 'db:5432' }, far: { control: 'http://chaos:8080' } };

function parsed(chaos: readonly object[], seed = 7): ReturnType<typeof parsePlan> {
  const entries = chaos.map((entry) => ({ for: '5s', proxy: 'db', behavior: 'delay', ...entry }));
  return parsePlan(
    { scenario: 'shop.ts', duration: '60s', seed, proxies: PROXIES, chaos: entries },
    { catalog, defaultSeed: 1 },
  );
}

function plan(chaos: readonly object[], seed?: number): RunPlan {
  const found = parsed(chaos, seed);
  if ('problems' in found) throw new Error(JSON.stringify(found.problems));
  return found.plan;
}

function problems(chaos: readonly object[]): readonly string[] {
  const found = parsed(chaos);
  return 'problems' in found ? found.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`) : [];
}

test('entries become windows: at a time, by a period, one after the other, and somewhere', () => {
  const { schedule } = plan([
    { name: 'once', at: '10s', sleep: '1s' },
    { name: 'often', every: '20s', optional: true },
    { name: 'then', after: 'once', at: '2s' },
    { name: 'some-time', within: '50s' },
  ]);
  expect(schedule.map(({ name, atMs, forMs }) => [name, atMs, forMs]).slice(0, 4)).toEqual([
    ['once', 10_000, 5000],
    ['often', 20_000, 5000],
    ['often', 40_000, 5000],
    ['then', 17_000, 5000],
  ]);
  expect(schedule[0]).toEqual({
    ...{ name: 'once', proxy: 'db', atMs: 10_000, forMs: 5000 },
    behaviors: [{ percent: 100, behavior: 'delay', options: { sleep: '1s' } }],
  });
  expect(schedule.map(({ optional }) => optional)).toEqual([undefined, true, true, undefined, undefined]);
});

test('the seed of the run says where a random window lies, whether the user gave it or not', () => {
  const at = (seed: number): number | undefined => plan([{ within: '50s' }], seed).schedule[0]?.atMs;
  expect(at(1)).toBe(at(1));
  expect(at(1)).not.toBe(at(2));
});

test('a ramp becomes steps of one name, each with what is in force in it', () => {
  const { schedule } = plan([
    { name: 'slower', at: '10s', for: '20s', sleep: { from: '0ms', to: '190ms' }, jitter: '1ms' },
  ]);
  expect(schedule).toHaveLength(20);
  expect(schedule[3]).toMatchObject({
    ...{ name: 'slower', atMs: 13_000, forMs: 1000, step: 3 },
    behaviors: [{ options: { sleep: '30ms', jitter: '1ms' } }],
  });
});

test('a proxy that stands elsewhere gets the same windows, as it reads them', () => {
  const { schedule, remotes } = plan([
    { name: 'here', at: '1s' },
    { name: 'there', proxy: 'far', every: '20s', behavior: '20:delay', sleep: 5, match: { operation: 'GET' } },
    { name: 'up', proxy: 'far', at: '50s', for: '1s', percent: { from: 10, to: 100 } },
  ]);
  const [{ entries = [] } = {}] = remotes ?? [];
  expect(entries.slice(0, 3)).toEqual([
    { name: 'there', at: '20000ms', for: '5000ms', behavior: '20:delay', sleep: 5, match: { operation: 'GET' } },
    { name: 'there', at: '40000ms', for: '5000ms', behavior: '20:delay', sleep: 5, match: { operation: 'GET' } },
    { name: 'up', at: '50000ms', for: '100ms', behavior: '10:delay', step: 0 },
  ]);
  const far = schedule.filter(({ proxy }) => proxy === 'far');
  expect(entries.map(({ name, at, step }) => [name, at, step])).toEqual(
    far.map(({ name, atMs, step }) => [name, `${atMs}ms`, step]),
  );
});

test('`after` is an entry when it is a name, and else an option of the behavior', () => {
  expect(plan([{ at: 0, behavior: 'abort', after: 100 }]).schedule[0]?.behaviors[0]?.options).toEqual({ after: 100 });
});

test.each<[readonly object[], readonly string[]]>([
  [[{ sleep: 1 }], ['chaos[0].at: expected when it begins: `at`, `after`, `every` or `within`']],
  [[{ at: 0, times: 2 }], ['chaos[0].times: it needs an `every`']],
  [[{ at: 0, every: '2s' }], ['chaos[0].every: a window would begin before the one before has ended: `for` is longer']],
  [[{ at: 0 }, { after: 'chaos-3' }], ["chaos[1].after: there is no entry 'chaos-3'; did you mean 'chaos-1'?"]],
  [
    [{ at: 0, sleep: { from: 1, to: '2s' } }],
    ['chaos[0].sleep: expected two numbers, or two durations such as 0ms and 300ms'],
  ],
  // The same in each of its steps.
  [[{ at: 0, sleep: { from: 1, to: 2 }, bad: 1 }], ['chaos[0].bad: no option']],
  [[{ at: 0, optional: 'yes' }], ['chaos[0].optional: expected true or false']],
])('%j is refused: %j', (chaos, wanted) => {
  expect(problems(chaos)).toEqual(wanted);
});
