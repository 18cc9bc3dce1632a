import { expect, test } from 'vitest';
import { startOf, widthOf } from './width.ts';

test.each([
  ['list items', 10],
  ['\u001b[31mred\u001b[39m', 3],
  ['größe', 5],
  ['gro\u0308ße', 5],
  ['商品一覧', 8],
  ['ｆｕｌｌ', 8],
  ['상품', 4],
  ['rocket 🚀', 9],
  ['█░✓✗…×', 6],
  ['', 0],
])('%s takes %d columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('the beginning of a text never takes more than it may', () => {
  expect(startOf('list items', 4)).toBe('list');
  expect(startOf('商品一覧', 5)).toBe('商品');
  expect(startOf('e\u0301e\u0301', 1)).toBe('e\u0301');
  expect(startOf('商', 1)).toBe('');
  expect(startOf('abc', 0)).toBe('');
});
