import { stripVTControlCharacters } from 'node:util';
import type { Summary } from '@loads/core';
import { expect, test } from 'vitest';
import { fullSummary } from './full-summary.test.fixture.ts';
import { painter } from './paint.ts';
import { summaryText } from './summary-text.ts';
import { widthOf } from './width.ts';

const plain = painter(false);
const UNLIMITED = Number.POSITIVE_INFINITY;

test('a summary shows everything that was measured, and then the verdict', async () => {
  await expect(summaryText(fullSummary, plain, UNLIMITED)).toMatchFileSnapshot('summary-text.test.golden.txt');
});

test('a summary has colours on demand, and the same text under them', () => {
  const painted = summaryText(fullSummary, painter(true), UNLIMITED);
  expect(painted).toContain('\u001b[');
  expect(stripVTControlCharacters(painted)).toBe(summaryText(fullSummary, plain, UNLIMITED));
});

test.each([
  [100, 'ok  ko     rate   min    mean    p50    p90    p95    p99  p99.9    max'.replaceAll(/ +/g, ' ')],
  [80, 'ok ko rate mean p50 p95 p99 max'],
  [60, 'ok ko rate p50 p95 max'],
  [40, 'ok ko rate p95'],
  [10, 'ok ko rate p95'],
])('the table of requests fits %d columns, or has its last statistic', (columns, titles) => {
  const lines = summaryText(fullSummary, plain, columns).split('\n');
  const table = lines.slice(1, lines.indexOf(''));
  expect(table[0]?.trim().replaceAll(/ +/g, ' ')).toBe(titles);
  expect(table.length).toBe(6);
  if (columns >= 50) for (const line of table) expect(widthOf(line)).toBeLessThanOrEqual(columns);
});

test('requests say their protocol where it is not HTTP alone, even if there is one row', () => {
  const { total } = fullSummary;
  const chat = { ...total, name: 'chat', protocol: 'ws' };
  const lines = summaryText({ ...fullSummary, requests: [chat] }, plain, UNLIMITED).split('\n');
  const words = lines.slice(1, 8).map((line) => line.trim().split(/ +/));
  expect(words.map((row) => row.slice(0, 3).join(' '))).toEqual([
    'protocol ok ko',
    'chat ws 81,204',
    'steady 80,000 0',
    'chaos 1,204 82',
    'all requests 81,204',
    'steady 80,000 0',
    'chaos 1,204 82',
  ]);
  // All rows are as wide as their head.
  expect(new Set(lines.slice(1, 8).map((line) => line.length)).size).toBe(1);
});

test('what was not measured is not shown', () => {
  const { accounting, total, ...rest } = fullSummary;
  const empty = {
    ...rest,
    total: { ...total, ok: 0, ko: 0 },
    ...{ iterations: [], checks: [], failures: [], errors: [], thresholds: [], faults: [], custom: [], nodeRows: [] },
    ...{
      interrupted: 0,
      commandExits: undefined,
      reasons: [],
      tolerated: [],
      outcome: 'passed' as const,
      lost: 0,
      startSkewMs: undefined,
    },
    accounting: { ...accounting, emitted: null, points: undefined },
  };
  expect(summaryText(empty, plain, UNLIMITED)).toBe(
    [
      'generator',
      '  samples: 31,176 received / 31,176 stored (0 lost)',
      '',
      'PASSED  20261121-082640-shop-c862, 20.2s',
    ].join('\n'),
  );
});

test('samples that nobody emitted are no loss, but no account either', () => {
  const text = summaryText({ ...fullSummary, lost: null }, plain, UNLIMITED);
  expect(text).toContain('31,178 emitted / 31,176 stored (the accounts do not add up)');
});

test('a number of workers that was set by hand is told with its time', () => {
  const scalings = [
    { atMs: 12_345, workers: 1200 },
    { atMs: 61_000, workers: 0 },
  ];
  expect(summaryText({ ...fullSummary, scalings }, plain, UNLIMITED)).toContain(
    'scaled while it went on, to workers: 1,200 after 12s, 0 after 1m1s',
  );
});

test('of very many rows of a table the most telling ones are shown, and all on demand', () => {
  const [check] = fullSummary.checks;
  const [request] = fullSummary.requests;
  const checks = Array.from({ length: 200 }, (_, i) => ({
    ...check,
    name: `check ${i}`,
    ok: i,
    failed: i === 7 ? 1 : 0,
  }));
  const requests = Array.from({ length: 60 }, (_, i) => ({ ...request, name: `visit ${i}`, ok: i, ko: 0, phases: {} }));
  const summary = { ...fullSummary, checks, requests } as Summary;
  const brief = summaryText(summary, plain, UNLIMITED);
  expect(brief.match(/ check \d+/g)).toHaveLength(50);
  expect(brief.match(/ visit \d+/g)).toHaveLength(50);
  expect(brief).toContain(' check 7 ');
  expect(brief.match(/and 1?[15]0 more in summary\.json, or with -v/g)).toEqual([
    'and 10 more in summary.json, or with -v',
    'and 150 more in summary.json, or with -v',
  ]);
  expect(summaryText(summary, plain, UNLIMITED, true).match(/ check \d+/g)).toHaveLength(200);
});
