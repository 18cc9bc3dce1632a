import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Accounting, addAccounts, lostOverall, lostSamples } from './accounting.ts';

const NONE: Accounting = { emitted: 0, received: 0, stored: 0, rejected: 0, kernelDrops: 0 };

test.each<[string, Partial<Accounting>, number | undefined]>([
  ['all that was emitted is stored', { emitted: 100, received: 100, stored: 100 }, 0],
  ['some never arrived', { emitted: 100, received: 90, stored: 90, kernelDrops: 1 }, 10],
  ['some arrived and were rejected', { emitted: 100, received: 100, stored: 70, rejected: 30 }, 30],
  ['more is stored than was emitted', { emitted: 100, received: 101, stored: 101 }, undefined],
  ['nobody counted, and nothing was lost', { emitted: null, received: 100, stored: 100 }, 0],
  ['nobody counted, and some were rejected', { emitted: null, received: 100, stored: 95, rejected: 5 }, 5],
  ['nobody counted, and datagrams were dropped', { emitted: null, received: 95, stored: 95, kernelDrops: 2 }, 2],
])('%s', (_, change, lost) => {
  expect(lostSamples({ ...NONE, ...change })).toBe(lost);
});

test('accounts add up, and one node that nobody counted leaves the sum of the emitted unknown', () => {
  const one: Accounting = { emitted: 10, received: 9, stored: 8, rejected: 1, kernelDrops: 2 };
  const sum = { emitted: 20, received: 18, stored: 16, rejected: 2, kernelDrops: 4, points: undefined };
  expect(addAccounts([one, one])).toEqual(sum);
  expect(addAccounts([one, { ...one, emitted: null }])).toEqual({ ...sum, emitted: null });
  expect(addAccounts([])).toEqual({ ...NONE, points: undefined });
});

test('the points of the nodes that write some are added up', () => {
  const points = { written: 1, spooled: 2, dropped: 3 };
  const sum = { written: 2, spooled: 4, dropped: 6 };
  expect(addAccounts([{ ...NONE, points }, NONE, { ...NONE, points }]).points).toEqual(sum);
});

test('what one node has too many does not hide what another lost', () => {
  const whole = { ...NONE, emitted: 5, received: 5, stored: 5 };
  const short = { ...whole, stored: 3 };
  const over = { ...whole, stored: 7 };
  expect(lostOverall([])).toBe(0);
  expect(lostOverall([whole, short, short])).toBe(4);
  expect(lostOverall([{ ...whole, emitted: null }, short])).toBe(2);
  expect(lostOverall([whole, short, over])).toBeUndefined();
});

test('in any order the sum is the same', () => {
  const count = fc.nat({ max: 1_000_000 });
  const points = fc.option(fc.record({ written: count, spooled: count, dropped: count }), { nil: undefined });
  const emitted = fc.option(count);
  const account = fc.record({ emitted, received: count, stored: count, rejected: count, kernelDrops: count, points });
  fc.assert(
    fc.property(fc.array(account), fc.array(account), (some, more) => {
      expect(addAccounts([...more, ...some])).toEqual(addAccounts([addAccounts(some), addAccounts(more)]));
    }),
  );
});

test('each problem of the points is told once, and none where there is none', () => {
  const points = (problem?: string): Accounting => ({
    ...NONE,
    points: { written: 1, spooled: 2, dropped: 3, problem },
  });
  const sum = { written: 4, spooled: 8, dropped: 12 };
  expect(addAccounts([points('a'), points(), points('b'), points('a')]).points).toEqual({ ...sum, problem: 'a; b' });
  expect(addAccounts([points(), NONE]).points).toEqual({ written: 1, spooled: 2, dropped: 3 });
});
