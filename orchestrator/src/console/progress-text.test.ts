import { Histogram, type RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { painter } from './paint.ts';
import { plan } from './plan.test.fixture.ts';
import { progressAt } from './progress.test.fixture.ts';
import { progressLine, progressScreen } from './progress-text.ts';
import { widthOf } from './width.ts';

const plain = painter(false);

test('the screen shows bar, time, nodes, rate, p95, failures and faults', () => {
  const now = progressAt(12_345, { activeFaults: ['slow-web', 'web-errors'] });
  expect(progressScreen(plan, { now, rate: 263.7 }, plain, { columns: 80, rows: 22 })).toEqual([
    '████████████████████████░░░░░░░░░░░░░░░░   12.3s / 20s   2 nodes',
    '264/s   p95 95.3ms   82 failed (1.75%)   4,682 requests',
    'faults active: slow-web, web-errors   232 injected',
  ]);
});

test.each([
  [200, 40],
  [60, 37],
  [40, 17],
  // With less room than that a bar would say nothing.
  [30, 0],
])('at %d columns the bar has %d', (columns, width) => {
  const [first = ''] = progressScreen(plan, { now: progressAt(5000), rate: 1 }, plain, { columns, rows: 22 });
  expect(first.replaceAll(/[^█░]/g, '')).toHaveLength(width);
  expect(widthOf(first)).toBeLessThanOrEqual(columns);
});

test('a node less is said', () => {
  const [first] = progressScreen(plan, { now: progressAt(5000, {}, 1), rate: 1 }, plain, { columns: 80, rows: 22 });
  expect(first).toMatch(/5\.0s \/ 20s {3}1 of 2 nodes$/);
});

test('before the first figures there are none, and at the end it says what it waits for', () => {
  const now = { elapsedMs: 0, totals: undefined, nodesRunning: 2 };
  expect(progressScreen(plan, { now, rate: 0 }, plain, { columns: 80, rows: 22 })[1]).toBe(
    'waiting for the first figures',
  );
  expect(progressLine(plan, { now, rate: 0 })).toBe('0.0s / 20s  waiting for the first figures');
  const end = progressAt(20_000);
  expect(progressScreen(plan, { now: end, rate: 0 }, plain, { columns: 80, rows: 22 })[0]).toMatch(
    /█ {3}20s over, the last iterations end {3}2/,
  );
});

test('after a minute the clock counts seconds', () => {
  const long = { ...plan, durationMs: 3_600_000 };
  expect(progressLine(long, { now: progressAt(59_999), rate: 1 })).toMatch(/^59\.9s \/ 1h {2}/);
  expect(progressLine(long, { now: progressAt(754_999), rate: 1 })).toMatch(/^12m34s \/ 1h {2}/);
});

test('failed iterations are failures too', () => {
  const now = progressAt(5000, { failed: 0, iterationsFailed: 3 });
  const [, figures] = progressScreen(plan, { now, rate: 1 }, plain, { columns: 80, rows: 22 });
  expect(figures).toBe('1/s   p95 95.3ms   0 failed (0%)   3 iterations failed   4,682 requests');
});

test('a foreign program has samples, and no end that is known', () => {
  const foreign: RunPlan = { ...plan, scenario: { kind: 'command', command: ['x'] }, durationMs: null, proxies: [] };
  const now = progressAt(5000, { requests: 0, failed: 0, samples: 1234, durations: new Histogram() });
  expect(progressScreen(foreign, { now, rate: 41 }, plain, { columns: 80, rows: 22 })).toEqual([
    'running until the command ends   5.0s   2 nodes',
    '41/s   1,234 samples',
  ]);
  expect(progressLine(foreign, { now, rate: 41 })).toBe('5.0s  41/s  0% failed  p95 -');
});

test('a line of the log has it all', () => {
  const now = progressAt(6000, { activeFaults: ['slow-web'] });
  expect(progressLine(plan, { now, rate: 264 })).toBe('6.0s / 20s  264/s  1.75% failed  p95 95.3ms  faults: slow-web');
});
