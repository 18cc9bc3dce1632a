import { expect, test } from 'vitest';
import { painter } from './paint.ts';
import { table } from './table.ts';

test('the first column stands to the left, numbers to the right, words to the left', () => {
  const rows = [
    ['', 'count', { text: 'what', left: true }],
    ['list items', '2,200', { text: 'delay', left: true }],
    ['read', '48', { text: 'error on web', left: true }],
  ];
  expect(table(rows)).toEqual([
    ...['            count  what', 'list items  2,200  delay', 'read           48  error on web'],
  ]);
});

test('paint takes no room', () => {
  const { bad } = painter(true);
  expect(
    table([
      ['a', { text: '1', paint: bad }, '2'],
      ['b', '100', '3'],
    ]),
  ).toEqual([`a  ${bad('  1')}  2`, 'b  100  3']);
});

test('rows may be of different lengths, and no line ends with a space', () => {
  expect(table([['a', 'b'], ['longer'], ['c', '', '']])).toEqual(['a       b', 'longer', 'c']);
  expect(table([])).toEqual([]);
});
