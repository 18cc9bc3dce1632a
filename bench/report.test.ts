import { expect, test } from 'vitest';
import { median, ratioLines, ratioText } from './report.ts';

test('the median is the middle value, whatever the order', () => {
  expect(median([30, 1, 2])).toBe(2);
  expect(median([10, 2, 4, 1])).toBe(3);
  expect(median([7])).toBe(7);
});

test('there is no median of no values', () => {
  expect(() => median([])).toThrow(RangeError);
});

test('a ratio says what our figure is of the other', () => {
  expect(ratioText(10, 20)).toBe('0.50x');
  expect(ratioText(30, 20)).toBe('1.50x');
});

test('lines are aligned, with our figure first', () => {
  expect(ratioLines({ name: 'ours', value: 9_500.4 }, [{ name: 'their tool', value: 19_000 }], 'req')).toEqual([
    'ours         9,500 req  1.00x',
    'their tool  19,000 req  0.50x',
  ]);
});
