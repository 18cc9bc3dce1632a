import { expect, test } from 'vitest';
import { median, pairedRatio, ratioLines } from './report.ts';

test('the median is the middle value, whatever the order', () => {
  expect(median([30, 1, 2])).toBe(2);
  expect(median([10, 2, 4, 1])).toBe(3);
  expect(median([7])).toBe(7);
});

test('there is no median of no values', () => {
  expect(() => median([])).toThrow(RangeError);
});

test('a ratio pairs the rounds: a slow minute of the machine touches both', () => {
  expect(pairedRatio([10, 5, 10], [20, 10, 20])).toBe(0.5);
  expect(pairedRatio([10, 5, 10], [20, 10, 100])).toBe(0.5);
  expect(pairedRatio([10], [20, 30])).toBe(0.5);
});

test('lines are aligned, with our figure first', () => {
  const ours = { name: 'ours', values: [9_500.4, 9_000, 9_700] };
  expect(ratioLines(ours, [{ name: 'their tool', values: [19_000, 18_000, 38_000] }], 'req')).toEqual([
    'ours         9,500 req  1.00x',
    'their tool  19,000 req  0.50x',
  ]);
});
