import { Histogram, type LiveRequestTotals } from '@loads/core';
import { expect, test } from 'vitest';
import { liveTable } from './live-table.ts';
import { painter } from './paint.ts';
import { widthOf } from './width.ts';

const plain = painter(false);

function row(
  name: string,
  requests: number,
  failed = 0,
  ms: readonly number[] = [10],
  protocol = 'http',
): LiveRequestTotals {
  const durations = new Histogram();
  for (const one of ms) durations.record(one);
  return { name, protocol, requests, failed, rate: requests / 10, durations };
}

const fifty = Array.from({ length: 50 }, (_, i) =>
  row(`GET /items/${String(i).padStart(2, '0')}`, 1000 - i, i === 49 ? 1 : 0),
);

test('a row for each name, in the order of the names', () => {
  const names = [row('POST /orders', 12_345, 12, [1, 2, 300]), row('GET /items', 400, 0, []), row('(other)', 7)];
  expect(liveTable(names, { columns: 100, rows: 20 }, plain)).toEqual([
    '                 rate      ok  ko     p50     p95     p99',
    '(other)         0.7/s       7   0  10.0ms  10.0ms  10.0ms',
    'GET /items       40/s     400   0       -       -       -',
    'POST /orders  1,235/s  12,333  12   2.0ms   300ms   300ms',
  ]);
});

test('protocols are told where there is more than HTTP', () => {
  const names = [row('buy', 10), row('buy', 20, 1, [3], 'grpc'), row('chat', 4, 0, [], 'ws')];
  expect(liveTable(names, { columns: 100, rows: 20 }, plain)).toEqual([
    '      protocol   rate  ok  ko     p50     p95     p99',
    'buy   grpc        2/s  19   1   3.0ms   3.0ms   3.0ms',
    'buy   http        1/s  10   0  10.0ms  10.0ms  10.0ms',
    'chat  ws        0.4/s   4   0       -       -       -',
  ]);
});

test.each([60, 80, 100, 120, 160, 200])('fifty names fit %d columns and any number of rows', (columns) => {
  const long = fifty.map((one) => ({ ...one, name: `${one.name} ${'of a long name '.repeat(10)}` }));
  for (const names of [fifty, long]) {
    for (let rows = 0; rows <= 60; rows++) {
      const lines = liveTable(names, { columns, rows }, painter(true));
      expect(lines.length).toBeLessThanOrEqual(rows);
      if (rows >= 51) expect(lines).toHaveLength(51);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  }
});

test('where not all fit, what fails is there, then what is frequent, and the rest is counted', () => {
  const lines = liveTable(fifty, { columns: 80, rows: 5 }, plain);
  expect(lines.map((line) => line.slice(0, 13).trim())).toEqual([
    '',
    'GET /items/00',
    'GET /items/01',
    'GET /items/49',
    'and 47 more n',
  ]);
  expect(liveTable(fifty, { columns: 80, rows: 2 }, plain)).toEqual([]);
});

test.each([
  [64, 'rate ok ko p50 p95 p99'],
  [63, 'rate ok ko p95 p99'],
  [55, 'rate ok ko p95'],
  [47, 'rate ko p95'],
  [42, 'ko p95'],
])('at %d columns the table has %s', (columns, titles) => {
  const names = [row('GET /a-name-of-24-columns', 1000, 10)];
  const [head = ''] = liveTable(names, { columns, rows: 10 }, plain);
  expect(head.trim().split(/ +/).join(' ')).toBe(titles);
});

test('a name cannot break the table: neither by its width nor by what is in it', () => {
  const names = [row('商品一覧', 10), row('\u001b[2J\nx', 10), row('GET /', 10)];
  const lines = liveTable(names, { columns: 80, rows: 10 }, plain);
  const ends = lines.map((line) => widthOf(line));
  expect(new Set(ends).size).toBe(1);
  for (const line of lines) expect(line).not.toMatch(/\p{Cc}/u);
});

test('no table is better than one without a row', () => {
  expect(liveTable([], { columns: 80, rows: 10 }, plain)).toEqual([]);
  expect(liveTable(fifty, { columns: 80, rows: 1 }, plain)).toEqual([]);
});
