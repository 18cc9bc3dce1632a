import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitLine, formatCount, formatMs, formatNumber, formatRate, formatRatio, oneLine, plural } from './format.ts';
import { painter } from './paint.ts';
import { widthOf } from './width.ts';

test.each([
  [0, '0ms'],
  [0.42, '0.42ms'],
  [0.994, '0.99ms'],
  [0.996, '1.0ms'],
  [12.54, '12.5ms'],
  [99.94, '99.9ms'],
  [99.96, '100ms'],
  [999.4, '999ms'],
  [999.6, '1.00s'],
  [1256, '1.26s'],
  [99_994, '99.99s'],
  [99_996, '100s'],
  [3_600_000, '3,600s'],
  [Number.NaN, '-'],
])('%d ms are written as %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test('a latency has two significant digits or more, wherever it lies', () => {
  const latency = fc.double({ min: 0.1, max: 99_000, noNaN: true });
  fc.assert(
    fc.property(latency, (ms) => {
      const text = formatMs(ms);
      const shown = text.endsWith('ms') ? Number.parseFloat(text) : Number.parseFloat(text) * 1000;
      expect(Math.abs(shown - ms) / ms).toBeLessThanOrEqual(0.051);
      expect(text.length).toBeLessThanOrEqual(6);
    }),
  );
});

test('counts have thousands, rates as many digits as matter', () => {
  expect([0, 999, 81_204, 1e9].map(formatCount)).toEqual(['0', '999', '81,204', '1,000,000,000']);
  expect([0, 0.5, 3.518, 12.55, 412.4, 81_204.9].map(formatRate)).toEqual([
    ...['0/s', '0.5/s', '3.52/s', '12.6/s', '412/s', '81,205/s'],
  ]);
  expect(formatRate(Number.POSITIVE_INFINITY)).toBe('-');
});

test.each([
  [0, '0%'],
  [0.003, '0.3%'],
  [0.5, '50%'],
  [1, '100%'],
  [0.1037, '10.37%'],
  // A single failure among a million is not none,
  [1e-6, '<0.01%'],
  // and a million without one of them are not all.
  [1 - 1e-6, '>99.99%'],
  [Number.NaN, '-'],
])('the ratio %d is written as %s', (ratio, text) => {
  expect(formatRatio(ratio)).toBe(text);
});

test('numbers of unknown unit are short, and never wrong by a digit that is shown', () => {
  expect([3, 12.34567, 0.000123456, 123_456.7, -5000.4, 1e6].map(formatNumber)).toEqual([
    ...['3', '12.35', '0.0001235', '123,457', '-5,000', '1,000,000'],
  ]);
  expect(formatNumber(Number.NaN)).toBe('-');
});

test('one is singular', () => {
  expect([0, 1, 2, 1200].map((count) => plural(count, 'node'))).toEqual([
    '0 nodes',
    '1 node',
    '2 nodes',
    '1,200 nodes',
  ]);
});

test('a text from outside becomes one line that cannot steer the terminal', () => {
  expect(oneLine('\n  \u001b[2J\u001b[31mgone\u0007\tnow\u001b[0m \r\nmore')).toBe('gone now');
  expect(oneLine('x'.repeat(300))).toBe(`${'x'.repeat(199)}…`);
  expect(oneLine('')).toBe('');
});

test('a line is cut at its columns, and its colours end', () => {
  const { bad } = painter(true);
  expect(fitLine('12345', 5)).toBe('12345');
  expect(fitLine('123456', 5)).toBe('1234…');
  expect(fitLine(`12${bad('3456')}`, 5)).toBe(`12${bad('34')}…`);
  expect(fitLine('12', 0)).toBe('');
  const texts = fc.array(fc.tuple(fc.string({ unit: 'grapheme-ascii' }), fc.boolean()));
  fc.assert(
    fc.property(texts, fc.nat(30), (parts, columns) => {
      const line = parts.map(([text, painted]) => (painted ? bad(text) : text)).join('');
      const cut = fitLine(line, columns);
      expect(widthOf(cut)).toBe(Math.min(widthOf(line), columns));
      expect(cut.split('\u001b[31m').length).toBe(cut.split('\u001b[39m').length);
    }),
  );
});
