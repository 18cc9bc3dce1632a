import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PhaseStamp } from './phase.ts';
import { phaseLookup } from './phase-lookup.ts';
import type { ScheduleEntry } from './schedule.ts';

function entry(name: string, atMs: number, forMs: number): ScheduleEntry {
  return { name, proxy: 'web', atMs, forMs, behaviors: [] };
}

/** The definition, word for word. */
function plainly(schedule: readonly ScheduleEntry[], recoveryMs: number, fromMs: number, toMs: number): PhaseStamp {
  const touched = schedule.filter((one) => one.atMs <= toMs && fromMs < one.atMs + one.forMs);
  if (touched.length > 0) return { phase: 'chaos', fault: [...new Set(touched.map(({ name }) => name))].join('+') };
  const recovers = schedule.some(({ atMs, forMs }) => atMs + forMs <= fromMs && fromMs < atMs + forMs + recoveryMs);
  return { phase: recovers ? 'recovery' : 'steady', fault: '' };
}

test('it says what the definition says, of any schedule and any sample', () => {
  const times = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(fc.array(times, { maxLength: 6 }), fc.nat(15), fc.nat(90), fc.nat(30), (raw, recovery, from, lasts) => {
      const schedule = raw.map(([at, forMs], i) => entry(`f${i}`, at, forMs));
      const found = phaseLookup(schedule, recovery)(from, from + lasts);
      expect(found).toEqual(plainly(schedule, recovery, from, from + lasts));
    }),
  );
});

test('repeats and the steps of a ramp are one fault, named once, in the order of the schedule', () => {
  const lookUp = phaseLookup([entry('b', 0, 10), entry('b', 10, 10), entry('b', 50, 10), entry('a', 5, 10)], 5);
  expect(lookUp(0, 60)).toEqual({ phase: 'chaos', fault: 'b+a' });
  expect(lookUp(12)).toEqual({ phase: 'chaos', fault: 'b+a' });
  expect([lookUp(20), lookUp(25), lookUp(55).fault]).toEqual([
    { phase: 'recovery', fault: '' },
    { phase: 'steady', fault: '' },
    'b',
  ]);
  expect(lookUp(55)).toBe(lookUp(56));
});
