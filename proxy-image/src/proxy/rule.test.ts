import { expect, test } from 'vitest';
import { pick } from './rule.ts';

test.each([
  // 20 % then 5.5 %: [0, 0.2) and [0.2, 0.255); the rest passes.
  [0, 0],
  [0.1999, 0],
  [0.2, 1],
  [0.2549, 1],
  [0.255, undefined],
  [0.9999, undefined],
])('a draw of %d falls on share %s', (draw, index) => {
  expect(pick([{ percent: 20 }, { percent: 5.5 }], draw)).toBe(index);
});

test('a share of 100 takes every draw', () => {
  expect(pick([{ percent: 100 }], 1 - 2 ** -32)).toBe(0);
});
