import { setTimeout as wait } from 'node:timers/promises';
import { groupsOf, type RunPlan } from '@loads/core';
import { expect, test } from 'vitest';
import { closedRun } from './closed-run.ts';
import { crewOf } from './crew.test.fixture.ts';
import type { GroupRun } from './group-run.ts';
import { planOf } from './sidecar.test.fixture.ts';
import { WorkerCount } from './worker-count.ts';

type Stand = {
  readonly run: GroupRun;
  readonly workers: WorkerCount;
  readonly stop: () => void;
  /** The workers that have run an iteration since the last call. */
  readonly seen: () => readonly number[];
  readonly torn: readonly number[];
};

/** The whole of a plan as one process's load, whose iterations take a few ms. */
function stand(change: Partial<RunPlan>): Stand {
  const plan = planOf(change);
  const stop = new AbortController();
  const workers = new WorkerCount();
  const seen = new Set<number>();
  const torn: number[] = [];
  const scenario = {
    name: 'only',
    weight: 1,
    run: async ({ worker, sleep }: { worker: number; sleep: (ms: number) => Promise<void> }) => {
      seen.add(worker);
      await sleep(3);
    },
  };
  const teardownWorker = ({ worker }: { worker: number }): void => void torn.push(worker);
  const crew = crewOf(
    plan,
    { scenarios: [scenario], teardownWorker },
    { workers, stopped: stop.signal, end: () => stop.abort() },
  );
  const [group] = groupsOf(plan);
  if (!group) throw new Error('a plan has a group');
  return {
    run: closedRun(group, [scenario], { slot: { index: 0, count: 1 }, firstWorker: 0 }, crew),
    workers,
    stop: () => stop.abort(),
    seen() {
      const found = [...seen].sort((a, b) => a - b);
      seen.clear();
      return found;
    },
    torn,
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(2);
}

test('workers come when more are wanted, wait when fewer are, and go on when they are wanted again', async () => {
  const { run, workers, stop, seen, torn } = stand({ workers: 2, durationMs: 60_000 });
  const ended = run.run();
  await until(() => run.atWork() === 2);
  workers.set(5);
  await until(() => run.atWork() === 5);
  seen();
  await until(() => seen().length === 5);
  workers.set(1);
  await until(() => run.atWork() === 1);
  seen();
  for (let iterations = 0; iterations < 5; iterations++) {
    const found: number[] = [];
    await until(() => found.push(...seen()) > 0);
    expect(found).toEqual([0]);
  }
  workers.set(0);
  await until(() => run.atWork() === 0);
  // They keep their sessions.
  expect(torn).toEqual([]);
  workers.set(3);
  await until(() => run.atWork() === 3);
  expect(run.workers).toHaveLength(5);
  stop();
  await ended;
  expect(run.atWork()).toBe(0);
  expect(torn.toSorted()).toEqual([0, 1, 2, 3, 4]);
});

test('a worker whose time in the plan is over comes anew, with the same number', async () => {
  const profile = [
    { forMs: 40, from: 3, to: 3 },
    { forMs: 60_000, from: 1, to: 1 },
  ];
  const { run, workers, stop, torn } = stand({
    workers: 3,
    durationMs: 60_040,
    load: [{ atMs: 0, durationMs: 60_040, model: { kind: 'workers', profile } }],
  });
  const ended = run.run();
  await until(() => torn.length === 2);
  expect(run.atWork()).toBe(1);
  workers.set(3);
  await until(() => run.atWork() === 3);
  stop();
  await ended;
  expect(torn.toSorted()).toEqual([0, 1, 1, 2, 2]);
});

test('a process without a worker waits for some until the end of the plan', async () => {
  const { run, workers, seen } = stand({
    durationMs: 1500,
    load: [{ atMs: 0, durationMs: 1500, model: { kind: 'workers', profile: [{ forMs: 1500, from: 0, to: 0 }] } }],
  });
  const ended = run.run();
  workers.set(2);
  await ended;
  expect(seen()).toEqual([0, 1]);
});

test('workers that have done all their iterations are done, whatever is asked for', async () => {
  const model = { kind: 'workers', profile: [{ forMs: 60_000, from: 2, to: 2 }] } as const;
  const { run, workers } = stand({ durationMs: 60_000, load: [{ atMs: 0, durationMs: 60_000, model, maxRuns: 4 }] });
  const ended = run.run();
  workers.set(2);
  await ended;
  expect(run.workers).toHaveLength(2);
});
