import { expect, test } from 'vitest';
import { RunClock } from './run-clock.ts';

test('the run has no time before it has a start, and a negative one before that start', () => {
  let nowMs = 1000;
  const clock = new RunClock(() => nowMs);
  expect([clock.now(), clock.startedAtMs, clock.elapsed()]).toEqual([1000, undefined, undefined]);
  clock.start(1500);
  expect([clock.startedAtMs, clock.elapsed(), clock.elapsed(1700)]).toEqual([1500, -500, 200]);
  nowMs = 2000;
  expect(clock.elapsed()).toBe(500);
});

test('by itself it tells the time of day', () => {
  expect(Math.abs(new RunClock().now() - Date.now())).toBeLessThan(5000);
});
