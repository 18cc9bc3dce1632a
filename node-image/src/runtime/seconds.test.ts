import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RunStage } from './run-stage.ts';
import { Seconds } from './seconds.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const PLAN = {
  version: 1 as const,
  name: 'shop',
  scenario: { kind: 'script' as const, file: 'shop.ts' },
  nodes: 1,
  workers: 1,
  durationMs: 1,
  gracefulStopMs: 1,
  recoveryMs: 1,
  seed: 1,
  env: {},
  proxies: [],
  schedule: [],
  thresholds: [],
};

test('it ticks at whole seconds of the run, whenever it was made, until it is disposed', () => {
  const stage = new RunStage(PLAN);
  stage.begin(performance.timeOrigin + performance.now() - 300);
  const ticks: number[] = [];
  const seconds = new Seconds(stage, () => ticks.push(Math.floor(stage.elapsed())));
  vi.advanceTimersByTime(3800);
  seconds[Symbol.dispose]();
  vi.advanceTimersByTime(5000);
  expect(ticks).toEqual([1000, 2000, 3000, 4000]);
});
