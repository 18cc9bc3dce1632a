import { expect, test } from 'vitest';
import { leftText, worthShowing } from './worth-showing.ts';

const ROWS = [
  { name: 'a', failed: 0, count: 5 },
  { name: 'b', failed: 1, count: 1 },
  { name: 'c', failed: 0, count: 9 },
  { name: 'd', failed: 0, count: 1 },
];

function names(most: number): { readonly shown: readonly string[]; readonly left: number } {
  const { shown, left } = worthShowing(ROWS, (row) => row, most);
  return { shown: shown.map(({ name }) => name), left };
}

test('all rows are shown where there are few', () => {
  expect(names(4)).toEqual({ shown: ['a', 'b', 'c', 'd'], left: 0 });
  expect(leftText(0)).toEqual([]);
});

test('of many those are shown that failed, then the most frequent, in their order, and the rest is counted', () => {
  expect(names(2)).toEqual({ shown: ['b', 'c'], left: 2 });
  expect(names(3)).toEqual({ shown: ['a', 'b', 'c'], left: 1 });
  expect(leftText(1451)).toEqual(['and 1,451 more in summary.json, or with -v']);
});
