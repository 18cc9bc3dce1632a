import { expect, test } from 'vitest';
import { formatAge } from './age.ts';

test.each([
  [-5, '0s'],
  [999, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_599_999, '59m'],
  [86_399_999, '23h'],
  [90_000_000_000, '1041d'],
  [Number.NaN, '-'],
])('%d ms ago is %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});
