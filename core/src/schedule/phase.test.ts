import fc from 'fast-check';
import { expect, test } from 'vitest';
import { phaseLookup } from './phase-lookup.ts';
import { phaseSpans } from './phase-spans.ts';
import { changesOf, entriesAt, type ScheduleEntry } from './schedule.ts';

const entry = (name: string, atMs: number, forMs: number): ScheduleEntry => ({
  name,
  proxy: 'web',
  atMs,
  forMs,
  behaviors: [],
});
const SCHEDULE = [entry('slow', 5000, 5000), entry('errors', 8000, 4000)];
const RECOVERY_MS = 3000;

test.each([
  [0, 4999, 'steady', '', 'ends before the first fault'],
  [0, 5000, 'chaos', 'slow', 'ends as the fault begins: it touches it'],
  [4000, 9000, 'chaos', 'slow+errors', 'overlaps both'],
  [9999, 9999, 'chaos', 'slow+errors', 'in the last ms of the first'],
  [10_000, 10_001, 'chaos', 'errors', 'the first has ended'],
  [12_000, 30_000, 'recovery', '', 'began when the last fault ended'],
  [14_999, 15_000, 'recovery', '', 'began within the recovery'],
  [15_000, 15_001, 'steady', '', 'the recovery is over'],
])('a sample from %d to %d ms is %s (%s): %s', (fromMs, toMs, phase, fault) => {
  expect(phaseLookup(SCHEDULE, RECOVERY_MS)(fromMs, toMs)).toEqual({ phase, fault });
});

test('the spans cover the run without gaps and agree with every instant', () => {
  const times = fc.integer({ min: 0, max: 20_000 });
  const entries = fc.array(fc.record({ atMs: times, forMs: fc.integer({ min: 1, max: 9000 }) }), { maxLength: 5 });
  fc.assert(
    fc.property(entries, fc.nat(5000), times, (raw, recoveryMs, instant) => {
      const schedule = raw.map(({ atMs, forMs }, i) => entry(`e${i}`, atMs, forMs));
      const spans = phaseSpans(schedule, recoveryMs, 20_001);
      expect(spans[0]?.fromMs).toBe(0);
      expect(spans.at(-1)?.toMs).toBe(20_001);
      for (let i = 1; i < spans.length; i++) expect(spans[i]?.fromMs).toBe(spans[i - 1]?.toMs);
      const at = spans.find((span) => span.fromMs <= instant && instant < span.toMs);
      expect(at).toMatchObject(phaseLookup(schedule, recoveryMs)(instant));
    }),
  );
});

test('an entry is in force from its begin and no longer at its end', () => {
  expect(entriesAt(SCHEDULE, 4999)).toEqual([]);
  expect(entriesAt(SCHEDULE, 8000).map(({ name }) => name)).toEqual(['slow', 'errors']);
  expect(entriesAt(SCHEDULE, 10_000).map(({ name }) => name)).toEqual(['errors']);
  expect(changesOf(SCHEDULE)).toEqual([5000, 8000, 10_000, 12_000]);
});
