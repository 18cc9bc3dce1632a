import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandSchedule, type Timing } from './expand-schedule.ts';

const RUN = { endMs: 60_000, seed: 7 };

function expanded(
  timings: readonly Partial<Timing>[],
  run: Partial<typeof RUN> = {},
): ReturnType<typeof expandSchedule> {
  return expandSchedule(
    timings.map((timing, i) => ({ name: `f${i}`, forMs: 5000, ...timing })),
    { ...RUN, ...run },
  );
}

/** The begins of the windows of each entry, in seconds. */
function begins(timings: readonly Partial<Timing>[]): readonly (readonly number[])[] {
  const { windows, problems } = expanded(timings);
  expect(problems).toEqual([]);
  return timings.map((_, i) => windows.filter(({ index }) => index === i).map(({ atMs }) => atMs / 1000));
}

test.each<[string, Partial<Timing>, readonly number[]]>([
  ['once', { atMs: 10_000 }, [10]],
  ['again and again, first after one period', { everyMs: 20_000 }, [20, 40]],
  ['again and again, from a moment on', { atMs: 0, everyMs: 20_000 }, [0, 20, 40]],
  ['so many times', { atMs: 5000, everyMs: 10_000, times: 3 }, [5, 15, 25]],
  ['without a pause', { atMs: 40_000, everyMs: 5000 }, [40, 45, 50, 55]],
  ['so many times, as long as there is time', { everyMs: 50_000, times: 3 }, [50]],
])('an entry that is in force %s', (_, timing, wanted) => {
  expect(begins([timing])).toEqual([wanted]);
});

test('an entry comes after another, whatever the order in which they stand, and after its last window', () => {
  const chain = [
    { name: 'c', after: 'b', atMs: 2000 },
    { name: 'b', after: 'a' },
    { name: 'a', atMs: 1000, everyMs: 10_000, times: 2 },
  ];
  expect(begins(chain)).toEqual([[23], [16], [1, 11]]);
});

test('a random window lies within its room, is the same again for the same seed, and another for another', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const one = [{ atMs: 10_000, withinMs: 15_000, everyMs: 20_000 }];
      const { windows } = expanded(one, { seed });
      expect(expanded(one, { seed }).windows).toEqual(windows);
      expect(windows).toHaveLength(3);
      for (const [n, { atMs }] of windows.entries()) {
        expect(atMs).toBeGreaterThanOrEqual(10_000 + n * 20_000);
        expect(atMs + 5000).toBeLessThanOrEqual(10_000 + n * 20_000 + 15_000);
      }
    }),
  );
  const drawn = new Set([1, 2, 3, 4].map((seed) => expanded([{ withinMs: 50_000 }], { seed }).windows[0]?.atMs));
  expect(drawn.size).toBe(4);
});

test('one more entry moves no window of another', () => {
  const random = { name: 'r', withinMs: 50_000 };
  const [alone] = expanded([random]).windows;
  const beside = expanded([{ atMs: 0 }, random]).windows.at(1);
  expect(beside?.atMs).toBe(alone?.atMs);
});

test.each<[string, readonly Partial<Timing>[], Partial<typeof RUN>, object]>([
  ['after the end', [{ atMs: 60_000 }], {}, { key: 'at', message: 'begins when the run has ended' }],
  ['what it comes after ends too late', [{ atMs: 58_000 }, { after: 'f0' }], {}, { index: 1, key: 'after' }],
  ['an unknown name', [{ name: 'slow-db', atMs: 0 }, { after: 'slow_db' }], {}, { message: /slow-db/ }],
  ['a circle', [{ after: 'f1' }, { after: 'f0' }], {}, { key: 'after', message: /waits for/ }],
  ['itself', [{ after: 'f0' }], {}, { key: 'after', message: /waits for/ }],
  ['no room', [{ withinMs: 4000 }], {}, { key: 'within' }],
  ['windows that overlap', [{ everyMs: 4000 }], {}, { key: 'every' }],
  ['random windows that may overlap', [{ everyMs: 6000, withinMs: 7000 }], {}, { key: 'every' }],
  ['too many windows', [{ everyMs: 5000 }], { endMs: 86_400_000 }, { key: 'every', message: /1000/ }],
])('%s is a problem', (_, timings, run, wanted) => {
  const { problems } = expanded(timings, run);
  expect(problems).toHaveLength(1);
  const { message, ...rest } = { message: '', ...wanted } as { message: string | RegExp };
  expect(problems[0]).toMatchObject(rest);
  expect(problems[0]?.message).toMatch(message);
});
