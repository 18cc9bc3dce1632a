import { expect, test } from 'vitest';
import { cutEntry } from '../sidecar/plan.test.fixture.ts';
import { WindowLog } from './window-log.ts';

test('windows are written down as they really were, to the millisecond', () => {
  const log = new WindowLog([
    cutEntry('a', 'web', 100, 50),
    cutEntry('b', 'db', 120, 100),
    cutEntry('a', 'web', 300, 50),
  ]);
  for (const [planned, actual] of [
    [0, 0.4],
    [100, 101.2],
    [120, 120.1],
    [150, 153.6],
    [220, 220],
    [300, 300.4],
  ] as const) {
    log.note(planned, actual);
  }
  const [first, second, third] = [
    { fault: 'a', proxy: 'web', plannedMs: 100, fromMs: 101, toMs: 154 },
    { fault: 'b', proxy: 'db', plannedMs: 120, fromMs: 120, toMs: 220 },
    { fault: 'a', proxy: 'web', plannedMs: 300, fromMs: 300, toMs: null },
  ];
  expect(log.windows).toEqual([first, second, third]);
  log.end(333);
  expect(log.windows).toEqual([first, second, { ...third, toMs: 333 }]);
});

test('the steps of a ramp are one window, and what never was in force is none', () => {
  const log = new WindowLog([
    cutEntry('a', 'web', 0, 10),
    cutEntry('a', 'web', 10, 10),
    cutEntry('late', 'web', 90, 10),
  ]);
  for (const ms of [0, 10, 20]) log.note(ms, ms + 1);
  log.end(50);
  expect(log.windows).toEqual([{ fault: 'a', proxy: 'web', plannedMs: 0, fromMs: 1, toMs: 21 }]);
});
