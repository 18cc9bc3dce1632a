import { expect, test } from 'vitest';
import { planOf } from '../plan/plan.test.fixture.ts';
import { offeredIn } from './offered.ts';

const OPEN = planOf({
  nodes: 2,
  load: [
    {
      atMs: 1000,
      durationMs: 20_000,
      model: {
        kind: 'arrivals',
        profile: [
          { forMs: 10_000, from: 0, to: 100 },
          { forMs: 10_000, from: 100, to: 100 },
        ],
        spacing: 'even',
        workers: 1,
        maxWorkers: 10,
      },
    },
  ],
});

test.each([
  [0, 1000, 0, 'before it begins'],
  [0, 6000, 125, 'the area below the ramp'],
  [6000, 11_000, 375, 'its second half'],
  [10_500, 12_000, 48.75 + 1 * 100, 'over the edge of a stage'],
  [20_000, 40_000, 100, 'over its end'],
])('from %d to %d ms %d iterations are offered: %s', (fromMs, toMs, offered) => {
  expect(offeredIn(OPEN, fromMs, toMs)).toBeCloseTo(offered, 6);
});

test('every node of `each` offers all of it, and a closed model offers nothing', () => {
  expect(offeredIn({ ...OPEN, each: true }, 0, 6000)).toBeCloseTo(250);
  expect(offeredIn(planOf(), 0, 1000)).toBeUndefined();
});
