import { expect, test } from 'vitest';
import { type FaultWindow, mergeWindows } from './fault-window.ts';

const window = (plannedMs: number, fromMs: number, toMs: number | null): FaultWindow => {
  return { fault: 'slow', proxy: 'db', plannedMs, fromMs, toMs };
};

test('the windows of several nodes are one for each time that an entry was in force', () => {
  const merged = mergeWindows([[window(5000, 5001, 9003), window(20_000, 20_000, 24_000)], [window(5000, 5002, 9001)]]);
  expect(merged).toEqual([window(5000, 5001, 9003), window(20_000, 20_000, 24_000)]);
});

test('a window whose end one node did not see has none', () => {
  expect(mergeWindows([[window(0, 1, 5)], [window(0, 0, null)]])).toEqual([window(0, 0, null)]);
});
