import { expect, test } from 'vitest';
import type { Change } from './comparison.ts';
import { judgeDifference, overall, together } from './judge-figure.ts';

test.each<[Change, string, number, number, number]>([
  ['same', 'no difference, for certain', 0, -1, 1],
  ['same', 'a difference that does not matter, however certain', 5, 4.9, 5.1],
  ['same', 'the same, downwards', -5, -5.1, -4.9],
  ['worse', 'one that matters, and is certain', 5.1, 0.1, 10],
  ['better', 'the same, downwards', -5.1, -10, -0.1],
  ['too-few', 'one that matters, and may be chance', 20, -1, 41],
  ['too-few', 'the same, downwards', -20, -41, 1],
  ['same', 'a small one, at most three times what matters', 1, -13, 15],
  ['too-few', 'a small one that may be a great one', 1, -13, 15.1],
  ['too-few', 'the same, downwards', -1, -15.1, 13],
])('%s: %s', (change, _, value, lower, upper) => {
  expect(judgeDifference({ value, lower, upper }, 5)).toBe(change);
});

test('without an estimate there are too few samples', () => {
  expect(judgeDifference(undefined, 5)).toBe('too-few');
});

test.each<[Change, string, readonly (readonly [Change, number])[]]>([
  [
    'worse',
    'one is worse, whatever the others are',
    [
      ['better', -9],
      ['worse', 9],
      ['same', 0],
      ['too-few', 9],
    ],
  ],
  [
    'better',
    'one is better, and none looks worse',
    [
      ['better', -9],
      ['same', 4],
      ['too-few', 5],
      ['too-few', -20],
    ],
  ],
  [
    'too-few',
    'one is better, and one looks worse, by chance or not',
    [
      ['better', -9],
      ['too-few', 6],
    ],
  ],
  [
    'too-few',
    'one cannot be told',
    [
      ['same', 0],
      ['too-few', 1],
    ],
  ],
  [
    'same',
    'all are',
    [
      ['same', 0],
      ['same', 1],
    ],
  ],
])('a part is %s when %s', (expected, _, figures) => {
  expect(together(figures.map(([change, difference]) => ({ a: 50, b: 50 + difference, limit: 5, change })))).toBe(
    expected,
  );
});

test('over all parts, what cannot be told keeps nothing from being the same', () => {
  expect(overall(['better', 'worse', 'same', 'too-few'])).toBe('worse');
  expect(overall(['same', 'too-few', 'better'])).toBe('better');
  expect(overall(['same', 'too-few'])).toBe('same');
  expect(overall(['too-few'])).toBe('too-few');
  expect(overall([])).toBe('too-few');
});
