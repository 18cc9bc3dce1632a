import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrivalPacer, arrivalsOf } from './arrivals.ts';
import { type Profile, profileMs } from './profile.ts';
import { type Slot, slotOf } from './slot.ts';

const WHOLE: Slot = { index: 0, count: 1 };

function times(profile: Profile, options: { slot?: Slot; spacing?: 'even' | 'poisson'; seed?: number } = {}): number[] {
  const { slot = WHOLE, spacing = 'even', seed = 7 } = options;
  const pacer = arrivalPacer({ profile, spacing, seed, slot });
  const planned: number[] = [];
  for (let at = pacer.plannedMs(0); at !== undefined; at = pacer.plannedMs(planned.length)) planned.push(at);
  return planned;
}

// Each row: a profile (per second), and when its arrivals are due.
test.each<[string, Profile, readonly number[]]>([
  ['10/s for half a second, the first at once', [{ forMs: 500, from: 10, to: 10 }], [0, 100, 200, 300, 400]],
  ['a rate under one a second', [{ forMs: 10_000, from: 0.25, to: 0.25 }], [0, 4000, 8000]],
  [
    'a sum that is a hair over a whole number makes no more',
    [{ forMs: 30_000, from: 0.1, to: 0.1 }],
    [0, 10_000, 20_000],
  ],
  ['from 0 to 8/s in 1 s: the area under the ramp is 4', [{ forMs: 1000, from: 0, to: 8 }], [0, 500, 707.1, 866]],
  ['down again', [{ forMs: 1000, from: 8, to: 0 }], [0, 134, 292.9, 500]],
  [
    'two stages, with a pause between',
    [
      { forMs: 1000, from: 2, to: 2 },
      { forMs: 1000, from: 0, to: 0 },
      { forMs: 1000, from: 2, to: 2 },
    ],
    [0, 500, 1000, 2500],
  ],
])('%s', (_, profile, expected) => {
  const planned = times(profile);
  expect(planned).toHaveLength(expected.length);
  for (const [i, at] of expected.entries()) expect(planned[i]).toBeCloseTo(at, 0);
});

test('a pacer says what is to be done at a moment', () => {
  const pacer = arrivalPacer({ profile: [{ forMs: 200, from: 10, to: 10 }], spacing: 'even', seed: 1, slot: WHOLE });
  expect([pacer.pace(0, 0), pacer.pace(40, 1), pacer.pace(100, 1), pacer.pace(170, 1), pacer.pace(170, 2)]).toEqual([
    { kind: 'start' },
    { kind: 'wait', ms: 60 },
    { kind: 'start' },
    { kind: 'start' },
    { kind: 'stop' },
  ]);
});

const stretch = fc.record({ forMs: fc.nat(4000), from: fc.nat(60), to: fc.nat(60) });
const profile = fc.array(stretch, { minLength: 1, maxLength: 4 });

test('the parts of any split are together exactly the whole, moment by moment', () => {
  const split = fc.record({ nodes: fc.integer({ min: 1, max: 5 }), processes: fc.integer({ min: 1, max: 4 }) });
  fc.assert(
    fc.property(profile, split, fc.constantFrom('even', 'poisson'), fc.nat(), (course, by, spacing, seed) => {
      const parts: number[][] = [];
      for (let node = 1; node <= by.nodes; node++)
        for (let process = 1; process <= by.processes; process++)
          parts.push(times(course, { slot: slotOf(by, node, process), spacing, seed }));
      expect(parts.flat().sort((a, b) => a - b)).toEqual(times(course, { spacing, seed }));
      const sizes = parts.map((part) => part.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 50 },
  );
});

test('arrivals are in order and within the profile, and even ones are as many as its area', () => {
  fc.assert(
    fc.property(profile, fc.constantFrom('even', 'poisson'), fc.nat(), (course, spacing, seed) => {
      const planned = times(course, { spacing, seed });
      for (const [i, at] of planned.entries()) {
        expect(at).toBeGreaterThanOrEqual(planned[i - 1] ?? 0);
        expect(at).toBeLessThanOrEqual(profileMs(course));
      }
      if (spacing === 'even') expect(planned).toHaveLength(arrivalsOf(course));
    }),
    { numRuns: 50 },
  );
});

test('Poisson arrivals come at the rate on average, and their distances spread as much as their mean', () => {
  const planned = times([{ forMs: 100_000, from: 200, to: 200 }], { spacing: 'poisson', seed: 3 });
  // Five standard deviations of the count.
  expect(Math.abs(planned.length - 20_000)).toBeLessThan(5 * Math.sqrt(20_000));
  const gaps = planned.slice(1).map((at, i) => at - (planned[i] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  expect(deviation / mean).toBeGreaterThan(0.95);
  expect(deviation / mean).toBeLessThan(1.05);
  expect(times([{ forMs: 1000, from: 50, to: 50 }], { spacing: 'poisson', seed: 4 })).not.toEqual(
    times([{ forMs: 1000, from: 50, to: 50 }], { spacing: 'poisson', seed: 5 }),
  );
});

test('a position may be asked again, in any order', () => {
  const pacer = arrivalPacer({
    profile: [{ forMs: 5000, from: 20, to: 20 }],
    spacing: 'poisson',
    seed: 9,
    slot: WHOLE,
  });
  const forth = [0, 1, 2, 3, 4].map((n) => pacer.plannedMs(n));
  expect([4, 3, 2, 1, 0].map((n) => pacer.plannedMs(n)).reverse()).toEqual(forth);
});
