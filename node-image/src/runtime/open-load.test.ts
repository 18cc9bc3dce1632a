import { setImmediate as nextTurn } from 'node:timers/promises';
import { arrivalPacer } from '@loads/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { crewOf } from './crew.test.fixture.ts';
import { OpenLoad } from './open-load.ts';
import { planOf } from './sidecar.test.fixture.ts';
import { Worker } from './worker.ts';

/** Has 20 arrivals of nothing, 2 ms apart. Gives how many there were, and for how many ms the load slept. */
async function arrive(busyWait: boolean): Promise<{ readonly begun: number; readonly slept: number }> {
  let begun = 0;
  const scenario = {
    name: 'only',
    weight: 1,
    run: async () => {
      begun += 1;
    },
  };
  const crew = crewOf(planOf(), { scenarios: [scenario] });
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
  let slept = 0;
  let ended = false;
  const running = load.run().finally(() => {
    ended = true;
  });
  while (!ended) {
    await nextTurn();
    slept += vi.getTimerCount();
    vi.advanceTimersByTime(1);
  }
  await running;
  return { begun, slept };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

test('arrivals that are near are slept for, and with a busy wait they are not', async () => {
  const [asleep, awake] = [await arrive(false), await arrive(true)];
  expect([asleep.begun, awake.begun]).toEqual([20, 20]);
  expect(asleep.slept).toBeGreaterThan(30);
  expect(awake.slept).toBe(0);
});
