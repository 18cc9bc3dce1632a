import { trendOf, trendSchema } from '@loads/core';
import { expect, test } from 'vitest';
import { fragile, robust } from './comparison.test.fixture.ts';
import { trendChart } from './trend-chart.ts';
import { writeTrend } from './trend-formats.ts';

const later = {
  ...robust,
  run: '20261122-120000-shop-cccc',
  createdAt: '2026-11-22T12:00:00.000Z',
  load: fragile.load,
};
const empty = {
  ...fragile,
  run: '20261119-120000-shop-dddd',
  createdAt: '2026-11-19T12:00:00.000Z',
  parts: [],
  outcome: 'invalid' as const,
};
const trend = trendOf('shop <1>', [later, fragile, robust, empty]);
const NOTES = ['1 of the runs cannot be read'];

test('the text has a line for each run, the oldest first, and how it went', () => {
  const lines = writeTrend('text', trend, NOTES).split('\n');
  expect(lines.slice(2, 6).map((line) => line.split(' ')[0])).toEqual(
    [empty, fragile, robust, later].map(({ run }) => run),
  );
  expect(lines[3]).toMatch(/abcdef012345 {2}failed +70\/s +0% +15\.0ms .*- +version=1$/);
  expect(lines[5]).toMatch(/passed .* worse +version=2$/);
  expect(lines).toContain('note: 1 of the runs cannot be read');
  expect(lines.find((line) => line.startsWith('p95'))).toMatch(/^p95 {7}[ ▁-█]{4}$/u);
});

test('the pages have every run, escaped', () => {
  const page = writeTrend('html', trend, NOTES);
  for (const { run } of trend.points) expect(page).toContain(run);
  expect(page).toContain('shop &lt;1&gt;');
  expect(page).not.toMatch(/NaN|undefined| style="|<script/);
  const markdown = writeTrend('markdown', trend, NOTES);
  expect(markdown).toContain('## Trend of shop &lt;1&gt;');
  expect(markdown.split('\n').filter((line) => line.startsWith('| 2026'))).toHaveLength(4);
  expect(trendSchema.parse(JSON.parse(writeTrend('json', trend, [])))).toEqual(JSON.parse(JSON.stringify(trend)));
});

test('a chart has gaps where there is no value, and its scale begins at 0', () => {
  const chart = (values: readonly (number | undefined)[]): string =>
    trendChart({
      ...{ title: 'p95', names: values.map((_, i) => `run ${i}`), text: String },
      lines: [{ name: 'p95', look: 'p95', values }],
    }).text;
  const drawn = chart([10, 20, undefined, 40]);
  expect(drawn.match(/<polyline /g)).toHaveLength(2);
  expect(drawn.match(/<circle /g)).toHaveLength(3);
  expect([...drawn.matchAll(/text-anchor="end">([\d.]+)</g)].map(([, value]) => Number(value))).toEqual([
    0, 10, 20, 30, 40,
  ]);
  expect(drawn).toContain('<title>run 3: p95 40</title>');
  for (const values of [[], [undefined], [0], [5]]) expect(chart(values)).not.toMatch(/NaN|Infinity/);
});
