import { expect, test } from 'vitest';
import { formatRate, parseRate } from './rate.ts';

test.each([
  ['500/s', 500],
  [500, 500],
  ['2.5', 2.5],
  ['30/m', 0.5],
  ['36/h', 0.01],
  ['10/5s', 2],
  ['1/500ms', 2],
  [' 20 per s ', 20],
  ['20/', undefined],
  ['-1/s', undefined],
  ['fast', undefined],
  ['5/0s', undefined],
  ['', undefined],
])('the rate %j is %d per second', (text, rate) => {
  expect(parseRate(text)).toBe(rate);
});

test('a rate is written as it is read', () => {
  expect([500, 2.5, 0.01].map(formatRate)).toEqual(['500/s', '2.5/s', '0.01/s']);
});
