import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf } from '../plan/plan.test.fixture.ts';
import { firstWorkers, groupsOf, loadSlot, nodeShare } from './groups.ts';
import type { LoadGroup } from './load-group.ts';
import { type PauseOptions, pauseAfter } from './pause.ts';
import { type RowOrder, rowCursor } from './row-cursor.ts';
import { shareOf, slotOf } from './slot.ts';

const split = fc.record({ nodes: fc.integer({ min: 1, max: 7 }), processes: fc.integer({ min: 1, max: 4 }) });

function group(model: LoadGroup['model']): LoadGroup {
  return { atMs: 0, durationMs: 1000, model };
}

test('the shares of any split add up to the whole', () => {
  fc.assert(
    fc.property(fc.nat(2000), split, (total, by) => {
      let sum = 0;
      for (let node = 1; node <= by.nodes; node++)
        for (let process = 1; process <= by.processes; process++) sum += shareOf(total, slotOf(by, node, process));
      expect(sum).toBe(total);
    }),
  );
});

test('what all nodes do is the plan, however it is split', () => {
  const load = [
    group({ kind: 'workers', profile: [{ forMs: 1000, from: 17, to: 17 }] }),
    group({ kind: 'iterations', workers: 5, iterations: 101, rampUpMs: 0 }),
    group({
      kind: 'hits',
      rounds: [
        { workers: 3, hits: 4 },
        { workers: 5, hits: 2 },
      ],
      rampUpMs: 0,
    }),
    group({
      kind: 'arrivals',
      profile: [{ forMs: 1000, from: 33, to: 33 }],
      spacing: 'even',
      workers: 2,
      maxWorkers: 20,
    }),
  ];
  fc.assert(
    fc.property(split, ({ nodes, processes }) => {
      const plan = planOf({ nodes, processes, load });
      const shares = Array.from({ length: nodes }, (_, i) => nodeShare(plan, i + 1));
      const sum = (key: 'workers' | 'iterations' | 'arrivals' | 'maxWorkers'): number =>
        shares.reduce((total, share) => total + (share[key] ?? 0), 0);
      expect([sum('workers'), sum('iterations'), sum('arrivals'), sum('maxWorkers')]).toEqual([27, 123, 33, 20]);
      expect(shares.reduce((total, { peakRate = 0 }) => total + peakRate, 0)).toBeCloseTo(33);
    }),
  );
});

test('with `each` every node does all of it, and its workers have numbers of their own', () => {
  const plan = planOf({ nodes: 3, workers: 12, each: true, processes: 2 });
  expect(groupsOf(plan)[0]?.model).toEqual({ kind: 'workers', profile: [{ forMs: 10_000, from: 4, to: 4 }] });
  expect([1, 2, 3].map((node) => nodeShare(plan, node).workers)).toEqual([4, 4, 4]);
  expect([1, 2, 3].flatMap((node) => firstWorkers(plan, node))).toEqual([0, 4, 8]);
  expect(loadSlot(plan, 3, 2)).toEqual({ index: 1, count: 2 });
});

test('the workers of several groups have numbers of their own', () => {
  const load = [
    group({ kind: 'once', workers: 3 }),
    group({ kind: 'arrivals', profile: [], spacing: 'even', workers: 1, maxWorkers: 100 }),
    group({ kind: 'once', workers: 1 }),
  ];
  expect(firstWorkers(planOf({ load }), 2)).toEqual([0, 3, 103]);
});

function rowsOf(order: RowOrder, rows: number, by: { nodes: number; processes: number }, each: number): number[][] {
  const parts: number[][] = [];
  for (let node = 1; node <= by.nodes; node++) {
    for (let process = 1; process <= by.processes; process++) {
      const next = rowCursor({ order, rows, slot: slotOf(by, node, process), seed: 1, name: 'users' });
      parts.push(Array.from({ length: each }, () => next()).filter((row) => row !== undefined));
    }
  }
  return parts;
}

test('unique rows are given out once each over all nodes, and none is left', () => {
  fc.assert(
    fc.property(fc.nat(300), split, (rows, by) => {
      const given = rowsOf('unique', rows, by, 301).flat();
      expect(given.sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i));
    }),
  );
});

test('sequential rows come round again, random ones are rows', () => {
  expect(rowsOf('sequential', 3, { nodes: 1, processes: 1 }, 7)).toEqual([[0, 1, 2, 0, 1, 2, 0]]);
  expect(rowsOf('sequential', 4, { nodes: 2, processes: 1 }, 3)).toEqual([
    [0, 2, 0],
    [1, 3, 1],
  ]);
  const [first = [], second] = rowsOf('random', 50, { nodes: 2, processes: 1 }, 200);
  expect(first).toEqual(rowsOf('random', 50, { nodes: 2, processes: 1 }, 200)[0]);
  expect(first).not.toEqual(second);
  expect(first.every((row) => row >= 0 && row < 50)).toBe(true);
  expect(new Set(first).size).toBeGreaterThan(40);
  for (const order of ['sequential', 'random', 'unique'] as const)
    expect(rowsOf(order, 0, { nodes: 1, processes: 1 }, 2)).toEqual([[]]);
});

test.each<[number, PauseOptions, number, string]>([
  [10, {}, 0, 'nothing asked for'],
  [10, { delay: { minMs: 100, maxMs: 300 } }, 150, 'a delay is drawn within its bounds'],
  [30, { pacingMs: 100 }, 70, 'pacing takes what the iteration took'],
  [130, { pacingMs: 100 }, 0, 'a slow iteration is not caught up'],
  [30, { delay: { minMs: 90, maxMs: 90 }, pacingMs: 100 }, 90, 'both: the longer one'],
])('after %d ms with %o a worker waits %d ms: %s', (tookMs, options, expected) => {
  expect(pauseAfter(tookMs, options, () => 0.25)).toBe(expected);
});
