import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RampStep, rampSteps } from './ramp.ts';

function steps(given: Readonly<Record<string, unknown>>, forMs: number, behavior = 'delay'): readonly RampStep[] {
  const found = rampSteps(behavior, given, forMs);
  if ('problems' in found) throw new Error(JSON.stringify(found.problems));
  return found;
}

test('an entry without a ramp is one step', () => {
  const given = { sleep: '300ms', match: { from: 'x', to: 'y' } };
  expect(steps(given, 5000)).toEqual([{ atMs: 0, forMs: 5000, behavior: 'delay', options: given }]);
});

test('a duration goes evenly from one value to the other, in steps of a second', () => {
  const ramp = steps({ sleep: { from: 0, to: '300ms' }, jitter: '5ms' }, 31_000);
  expect(ramp).toHaveLength(31);
  expect(ramp[0]).toEqual({
    atMs: 0,
    forMs: 1000,
    step: 0,
    behavior: 'delay',
    options: { sleep: '0ms', jitter: '5ms' },
  });
  expect(ramp[15]?.options.sleep).toBe('150ms');
  expect(ramp[30]).toMatchObject({ atMs: 30_000, step: 30, options: { sleep: '300ms' } });
});

test('the share of the traffic can be a ramp, too; of none of it there is nothing in force', () => {
  const ramp = steps({ percent: { from: 0, to: 50 } }, 11_000);
  expect(ramp.map(({ behavior }) => behavior).slice(0, 3)).toEqual(['5:delay', '10:delay', '15:delay']);
  expect(ramp.map(({ atMs }) => atMs)[0]).toBe(1000);
  expect(ramp.at(-1)).toMatchObject({ behavior: '50:delay', options: {} });
});

test('whole numbers stay whole, and others have fractions', () => {
  expect(steps({ after: { from: 0, to: 5 } }, 4000).map(({ options }) => options.after)).toEqual([
    0, 1, 1, 2, 2, 3, 3, 4, 4, 5,
  ]);
  expect(steps({ x: { from: 0.5, to: 5 } }, 4000)[1]?.options.x).toBe(1);
});

test('steps follow each other without a gap, and are neither too many nor too few', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 90_000_000 }), (forMs) => {
      const ramp = steps({ sleep: { from: '1ms', to: '2ms' } }, forMs);
      expect(ramp.length).toBeGreaterThanOrEqual(2);
      expect(ramp.length).toBeLessThanOrEqual(60);
      let end = 0;
      for (const one of ramp) {
        expect(one.atMs).toBe(end);
        end += one.forMs;
      }
      expect(end).toBe(forMs);
    }),
  );
});

test.each<[string, Readonly<Record<string, unknown>>, string, string]>([
  ['a number and a duration', { sleep: { from: 5, to: '300ms' } }, 'delay', 'sleep'],
  ['words', { sleep: { from: 'low', to: 'high' } }, 'delay', 'sleep'],
  ['more than everything', { percent: { from: 0, to: 101 } }, 'delay', 'percent'],
  ['a share that is no ramp', { percent: 5 }, 'delay', 'percent'],
  ['a share beside a share', { percent: { from: 0, to: 5 } }, '20:delay', 'percent'],
])('%s is a problem', (_, given, behavior, key) => {
  const found = rampSteps(behavior, given, 5000);
  expect('problems' in found && found.problems.map(({ path }) => path)).toEqual([[key]]);
});
