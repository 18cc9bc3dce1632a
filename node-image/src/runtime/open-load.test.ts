import { arrivalPacer } from '@loads/core';
import { expect, test, vi } from 'vitest';
import { EventHub } from '../api/events.ts';
import { Recorder } from '../recording/recorder.ts';
import type { Crew } from './crew.ts';
import { LoadRecorder } from './load-recorder.ts';
import { NameCap } from './name-cap.ts';
import { OpenLoad } from './open-load.ts';
import { RunStage } from './run-stage.ts';
import { briefOf, planOf } from './sidecar.test.fixture.ts';
import { Worker } from './worker.ts';
import { WorkerCount } from './worker-count.ts';

/** Has 20 arrivals of nothing, 2 ms apart. Gives how many there were, and how often the load slept. */
async function arrive(busyWait: boolean): Promise<{ readonly begun: number; readonly slept: number }> {
  const plan = planOf();
  const stage = new RunStage(plan);
  stage.begin(performance.timeOrigin + performance.now());
  const stamp: RunStage['stamp'] = (from, to) => stage.stamp(from, to);
  let begun = 0;
  const scenario = {
    name: 'only',
    weight: 1,
    run: async () => {
      begun += 1;
    },
  };
  const crew: Crew = {
    brief: briefOf(plan),
    file: { scenarios: [scenario], events: new EventHub() },
    stage,
    recorder: new Recorder(stamp),
    measures: new LoadRecorder(stamp),
    checkNames: new NameCap(),
    dial: new Map(),
    data: undefined,
    shared: {},
    workers: new WorkerCount(),
    stopped: new AbortController().signal,
    cut: new AbortController().signal,
    end: () => undefined,
  };
  const profile = [{ forMs: 40, from: 500, to: 500 }];
  const load = new OpenLoad({
    crew,
    atMs: 0,
    busyWait,
    arrivals: arrivalPacer({ profile, spacing: 'even', seed: 1, slot: { index: 0, count: 1 } }),
    ready: 1,
    most: 20,
    recruit: (index) => new Worker(index, crew),
    pick: () => scenario,
    scenarioOf: () => scenario.name,
  });
  const timers = vi.spyOn(globalThis, 'setTimeout');
  try {
    await load.run();
    return { begun, slept: timers.mock.calls.length };
  } finally {
    timers.mockRestore();
  }
}

test('arrivals that are near are slept for, and with a busy wait they are not', async () => {
  const [asleep, awake] = [await arrive(false), await arrive(true)];
  expect([asleep.begun, awake.begun]).toEqual([20, 20]);
  expect(asleep.slept).toBeGreaterThan(0);
  expect(awake.slept).toBe(0);
});
