import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LoopTurns } from './loop-turns.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['setInterval', 'clearInterval', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('work that never waits is due after 10 ms without a turn, and not after one', () => {
  const turns = new LoopTurns();
  const startMs = performance.now();
  expect(turns.isDue(startMs)).toBe(false);
  expect(turns.isDue(startMs + 10)).toBe(false);
  expect(turns.isDue(startMs + 11)).toBe(true);
  vi.advanceTimersByTime(15);
  expect(turns.isDue(startMs + 25)).toBe(false);
  expect(turns.isDue(startMs + 26)).toBe(true);
});
