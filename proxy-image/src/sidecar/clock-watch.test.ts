import { expect, test } from 'vitest';
import { clockWatch } from './clock-watch.ts';
import { RunClock } from './run-clock.ts';

test('it tells between which bounds the clock is, and how far it was set meanwhile', () => {
  let [nowMs, wallMs] = [5000, 5003];
  const clock = new RunClock(() => nowMs);
  const start = { atMs: 5300, setup: undefined, sentAtMs: 4980, aheadMs: { '1': -2, '2': -7 } };
  const clockNow = clockWatch(clock, 2, start, () => wallMs);
  nowMs += 10_000;
  wallMs += 10_000;
  expect(clockNow()).toEqual({ leastMs: -7, mostMs: 20, stepMs: 0 });
  wallMs -= 3600;
  expect(clockNow()).toMatchObject({ stepMs: -3600 });
});

test('of a start that says nothing of clocks only the steps are known', () => {
  const clockNow = clockWatch(new RunClock(() => 1), 1, { atMs: 0, setup: undefined }, () => 1);
  expect(clockNow()).toEqual({ leastMs: undefined, mostMs: undefined, stepMs: 0 });
});
