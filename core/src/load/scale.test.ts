import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadSlot } from './groups.ts';
import type { LoadGroup } from './load-group.ts';
import type { Pace } from './pace.ts';
import { plannedWorkers, scalableGroup, scaledPacer, workerNumber, workersBefore } from './scale.ts';
import { numberOf, shareOf } from './slot.ts';
import { workerPacer } from './worker-pacer.ts';

const script = { kind: 'script', file: 'x.ts' } as const;
const plain = { nodes: 1, workers: 4, durationMs: 1000, scenario: script };

test('the shares of all processes are the number that was asked for, and no two workers have one number', () => {
  const counts = fc.record({
    nodes: fc.integer({ min: 1, max: 5 }),
    processes: fc.integer({ min: 1, max: 3 }),
    own: fc.integer({ min: 1, max: 6 }),
    wanted: fc.integer({ min: 0, max: 60 }),
    each: fc.boolean(),
  });
  fc.assert(
    fc.property(counts, ({ nodes, processes, own, wanted, each }) => {
      const plan = { ...plain, nodes, processes, each, workers: each ? own * nodes : own };
      const ids: number[] = [];
      for (let node = 1; node <= nodes; node++) {
        for (let process = 1; process <= processes; process++) {
          const slot = loadSlot(plan, node, process);
          const share = shareOf(workersBefore(plan, node, wanted), slot);
          for (let i = 0; i < share; i++) ids.push(workerNumber(plan, node, numberOf(i, slot)));
        }
      }
      expect(ids).toHaveLength(wanted);
      expect(new Set(ids).size).toBe(wanted);
    }),
  );
});

test('with --each the number is shared among the nodes, as far as it can be evenly', () => {
  const plan = { nodes: 3, each: true };
  expect([1, 2, 3].map((node) => workersBefore(plan, node, 8))).toEqual([3, 3, 2]);
});

test.each<[number | undefined, number, number, Pace, string]>([
  [undefined, 100, 0, { kind: 'start' }, 'without a number it is as planned'],
  [undefined, 600, 0, { kind: 'stop' }, 'so that a planned end is one'],
  [3, 600, 0, { kind: 'start' }, 'a number over the rank stands over the plan'],
  [2, 100, 0, { kind: 'wait', ms: 900 }, 'a number that leaves it out lets it wait, to the end at most'],
  [3, -50, 0, { kind: 'wait', ms: 50 }, 'nothing begins before the load does'],
  [3, 1000, 0, { kind: 'stop' }, 'nor after its end'],
  [3, 600, 5, { kind: 'stop' }, 'and the limit of iterations holds'],
])('of %o workers the one of rank 2, at %d ms, with %d begun: %o (%s)', (wanted, elapsedMs, begun, expected) => {
  const planned = workerPacer({ spans: [{ fromMs: 0, toMs: 500 }], limit: 5 });
  const pacer = scaledPacer({ planned, rank: 2, durationMs: 1000, limit: 5, workers: () => wanted });
  expect(pacer.pace(elapsedMs, begun)).toEqual(expected);
});

const ramp: LoadGroup = {
  atMs: 1000,
  durationMs: 3000,
  model: {
    kind: 'workers',
    profile: [
      { forMs: 1000, from: 0, to: 10 },
      { forMs: 2000, from: 10, to: 10 },
    ],
  },
};

test('the number of workers of the plan is that of the ranks at work', () => {
  const plan = { ...plain, load: [ramp] };
  const group = scalableGroup(plan);
  if ('obstacle' in group) throw new Error(group.obstacle);
  const at = (ms: number): number => plannedWorkers(plan, group, ms);
  expect([at(0), at(1000), at(1001), at(1500), at(3999), at(4000)]).toEqual([0, 0, 1, 5, 10, 0]);
  expect(plannedWorkers({ ...plan, nodes: 3, each: true }, group, 2500)).toBe(30);
});

const iterations: LoadGroup = {
  atMs: 0,
  durationMs: null,
  model: { kind: 'iterations', workers: 1, iterations: 1, rampUpMs: 0 },
};

test.each([
  [{ load: [ramp, ramp] }, 'its scenarios have loads of their own'],
  [{ load: [iterations] }, 'its load is a number of iterations'],
  [
    { load: [{ ...ramp, model: { kind: 'arrivals', profile: [], spacing: 'even', workers: 1, maxWorkers: 1 } }] },
    'its load is a rate of arrivals, which take as many workers as they need',
  ],
  [{ load: [{ ...iterations, model: { kind: 'once', workers: 1 } }] }, 'every scenario is run once'],
  [{ scenario: { kind: 'command', command: ['x'] } }, 'its load is made by a program of its own'],
] as const)('of %j no number can be set', (change, obstacle) => {
  expect(scalableGroup({ ...plain, ...change })).toEqual({ obstacle });
});
