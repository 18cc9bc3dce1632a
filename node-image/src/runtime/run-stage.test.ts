import { expect, test } from 'vitest';
import { RunStage } from './run-stage.ts';
import { planOf } from './sidecar.test.fixture.ts';

const PLAN = planOf({ schedule: [{ name: 'slow', proxy: 'web', atMs: 1000, forMs: 500, behaviors: [] }] });

/** A run that began at this instant of `performance.now()`. */
function begun(startMs: number): RunStage {
  const stage = new RunStage(PLAN);
  stage.begin(performance.timeOrigin + startMs);
  return stage;
}

test('before the start all samples are of the setup, after the end of the teardown', () => {
  const stage = new RunStage(PLAN);
  expect(stage.stamp(0, 1200)).toEqual({ phase: 'setup', fault: '' });
  stage.begin(performance.timeOrigin);
  stage.end();
  expect(stage.stamp(0, 1200)).toEqual({ phase: 'teardown', fault: '' });
});

test.each([
  [0, 500, 'steady', ''],
  [0, 1200, 'chaos', 'slow'],
  [1400, 9000, 'chaos', 'slow'],
  [1600, 1700, 'recovery', ''],
  [3600, 3700, 'steady', ''],
  // Began in the setup, ended in the run.
  [-50, 10, 'steady', ''],
])('a sample from %d to %d ms of the run is in phase %s', (fromMs, toMs, phase, fault) => {
  const startMs = 70_000;
  expect(begun(startMs).stamp(startMs + fromMs, startMs + toMs)).toEqual({ phase, fault });
});

test('the time of the run is negative before its start', () => {
  expect(begun(performance.now() + 10_000).elapsed()).toBeLessThan(-9000);
  const elapsed = begun(performance.now() - 500).elapsed();
  expect(elapsed).toBeGreaterThanOrEqual(499);
  expect(elapsed).toBeLessThan(5000);
});
