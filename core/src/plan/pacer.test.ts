import { expect, test } from 'vitest';
import { constantWorkers, type Pace } from './pacer.ts';

test.each<[number, Pace, string]>([
  [-250, { kind: 'wait', ms: 250 }, 'before the start instant it waits for it'],
  [0, { kind: 'start' }, 'at the start instant'],
  [9_999, { kind: 'start' }, 'just before the end'],
  [10_000, { kind: 'stop' }, 'at the end nothing new begins'],
  [60_000, { kind: 'stop' }, 'long after the end'],
])('at %d ms a constant worker of 10 s gets %o: %s', (elapsedMs, expected) => {
  expect(constantWorkers({ durationMs: 10_000 }).pace(elapsedMs)).toEqual(expected);
});
