import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phaseLookup } from './phase-lookup.ts';
import { phaseSpans } from './phase-spans.ts';
import { changesOf, entriesAt, type ScheduleEntry } from './schedule.ts';

function entry(name: string, atMs: number, forMs: number): ScheduleEntry {
  return { name, proxy: 'web', atMs, forMs, behaviors: [] };
}

test('a run is cut into its phases, where faults overlap too', () => {
  expect(phaseSpans([entry('slow', 10, 10), entry('dead', 15, 10)], 5, 40)).toEqual([
    { phase: 'steady', fault: '', fromMs: 0, toMs: 10 },
    { phase: 'chaos', fault: 'slow', fromMs: 10, toMs: 15 },
    { phase: 'chaos', fault: 'slow+dead', fromMs: 15, toMs: 20 },
    { phase: 'chaos', fault: 'dead', fromMs: 20, toMs: 25 },
    { phase: 'recovery', fault: '', fromMs: 25, toMs: 30 },
    { phase: 'steady', fault: '', fromMs: 30, toMs: 40 },
  ]);
});

test('a run that ends in a fault ends there, and one that never began has no phases', () => {
  const schedule = [entry('slow', 10, 10)];
  expect(phaseSpans(schedule, 5, 12).at(-1)).toEqual({ phase: 'chaos', fault: 'slow', fromMs: 10, toMs: 12 });
  expect(phaseSpans(schedule, 5, 0)).toEqual([]);
});

test('spans have no gaps, and every moment is in the phase of its span', () => {
  const anyEntry = fc.tuple(fc.nat({ max: 50 }), fc.integer({ min: 1, max: 30 }));
  fc.assert(
    fc.property(
      fc.array(anyEntry, { maxLength: 4 }),
      fc.nat({ max: 20 }),
      fc.nat({ max: 99 }),
      (times, recovery, end) => {
        const schedule = times.map(([at, lasts], i) => entry(`f${i}`, at, lasts));
        const spans = phaseSpans(schedule, recovery, end);
        expect(spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)).toBe(end);
        for (const { fromMs, toMs, ...stamp } of spans) {
          for (let moment = fromMs; moment < toMs; moment++)
            expect(phaseLookup(schedule, recovery)(moment)).toEqual(stamp);
        }
      },
    ),
  );
});

test('an entry is in force from its begin until, but not at, its end', () => {
  const schedule = [entry('slow', 10, 10), entry('dead', 20, 10)];
  expect([9, 10, 19, 20, 30].map((moment) => entriesAt(schedule, moment).map(({ name }) => name))).toEqual([
    [],
    ['slow'],
    ['slow'],
    ['dead'],
    [],
  ]);
  expect(changesOf(schedule)).toEqual([10, 20, 30]);
});
