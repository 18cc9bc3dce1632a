import { expect, test } from 'vitest';
import { stagesOf } from './stages.ts';

const profile = [
  { forMs: 1000, from: 0, to: 10 },
  { forMs: 2000, from: 10, to: 10 },
  { forMs: 1000, from: 10, to: 20 },
];
const plan = {
  nodes: 1,
  workers: 20,
  durationMs: 4000,
  load: [{ atMs: 0, durationMs: 4000, model: { kind: 'workers', profile } }],
} as const;

test('from when the number of workers was set on, each number is a stage, and those of the plan are over', () => {
  const scalings = [
    { atMs: 500, workers: 7 },
    { atMs: 3500, workers: 3 },
  ];
  expect(stagesOf(plan, scalings).map(({ kind, from, to, fromMs, toMs }) => [kind, from, to, fromMs, toMs])).toEqual([
    ['ramp', 0, 5, 0, 500],
    ['steady', 7, 7, 500, 3500],
    ['steady', 3, 3, 3500, 4000],
  ]);
  expect(stagesOf(plan)).toHaveLength(3);
});
