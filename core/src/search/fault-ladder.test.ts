import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf } from '../plan/plan.test.fixture.ts';
import type { ScheduleEntry, WeightedBehavior } from '../schedule/schedule.ts';
import { faultLadder, variedEntry } from './fault-ladder.ts';

const delay: WeightedBehavior = { percent: 20, behavior: 'delay', options: { sleep: 300, jitter: 0 } };
const error: WeightedBehavior = { percent: 5, behavior: 'error', options: { code: 503 } };

function entryOf(
  name: string,
  behaviors: readonly WeightedBehavior[],
  change: Partial<ScheduleEntry> = {},
): ScheduleEntry {
  return { name, proxy: 'db', atMs: 1000, forMs: 1000, behaviors, ...change };
}

test('a level of sleep changes that of the entry, in all of its windows, and nothing else', () => {
  const schedule = [
    entryOf('slow', [delay, error]),
    entryOf('other', [delay]),
    entryOf('slow', [delay], { atMs: 5000 }),
  ];
  const plan = planOf({ schedule });
  const ladder = faultLadder(plan, { entry: 'slow', strength: 'sleep', most: 2000 });
  expect([ladder.unit, ladder.ceiling, ladder.nameOf(250), ladder.levelOf(250.4)]).toEqual([
    'sleep',
    2000,
    'sleep 250ms',
    250,
  ]);
  const slow = { ...delay, options: { sleep: 250, jitter: 0 } };
  expect(ladder.planAt(250)).toEqual({
    ...plan,
    schedule: [{ ...schedule[0], behaviors: [slow, error] }, schedule[1], { ...schedule[2], behaviors: [slow] }],
  });
});

test('a level of a percentage is a tenth of a percent, and below the highest it may touch nothing', () => {
  const plan = planOf({ schedule: [entryOf('broken', [error], { optional: true })] });
  const ladder = faultLadder(plan, { entry: 'broken', strength: 'percentage', most: 50 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), (level) => {
      expect(ladder.levelOf(ladder.loadAt(level))).toBe(level);
      const [one] = ladder.planAt(level).schedule;
      expect(one?.behaviors).toEqual([{ ...error, percent: level / 10 }]);
      expect(one?.optional).toBe(level < 500);
    }),
  );
  expect(ladder.nameOf(125)).toBe('12.5 %');
});

test('a proxy that stands elsewhere is told the same', () => {
  const entries = [
    { name: 'slow', at: '1000ms', for: '1000ms', behavior: '20:delay', sleep: '300ms' },
    { name: 'other', at: '1000ms', for: '1000ms', behavior: 'delay' },
  ];
  const remote = { name: 'db', control: 'http://127.0.0.1:1', remoteName: 'db', entries };
  const plan = planOf({ schedule: [entryOf('slow', [delay])], remotes: [remote] });
  const [first, other] = entries;
  const told = (strength: 'sleep' | 'percentage', level: number): unknown =>
    faultLadder(plan, { entry: 'slow', strength, most: 100 }).planAt(level).remotes?.[0]?.entries;
  expect(told('sleep', 40)).toEqual([{ ...first, sleep: '40ms' }, other]);
  expect(told('percentage', 75)).toEqual([{ ...first, behavior: '7.5:delay' }, other]);
});

test('the entry is the one that is named, or the only one that has such a strength', () => {
  const plan = planOf({ schedule: [entryOf('slow', [delay]), entryOf('broken', [error])] });
  expect(variedEntry(plan, 'sleep')).toBe('slow');
  expect(variedEntry(plan, 'percentage', 'broken')).toBe('broken');
  expect(() => variedEntry(plan, 'percentage')).toThrow('the percentage of 2 entries could vary');
  expect(() => variedEntry(plan, 'sleep', 'broken')).toThrow('none of its behaviors has a `sleep`');
  expect(() => variedEntry(plan, 'sleep', 'slwo')).toThrow("there is no entry 'slwo'");
  expect(() => variedEntry(planOf(), 'sleep')).toThrow('there is no entry in `chaos`');
  const ramp = planOf({ schedule: [entryOf('slow', [delay], { step: 0 })] });
  expect(() => variedEntry(ramp, 'sleep')).toThrow('it is a ramp');
  const shares = planOf({ schedule: [entryOf('slow', [delay, error])] });
  expect(() => variedEntry(shares, 'percentage', 'slow')).toThrow('more than one behavior');
});
