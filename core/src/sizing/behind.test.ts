import { expect, test } from 'vitest';
import { planOf } from '../plan/plan.test.fixture.ts';
import { emptyTimeline, type Timeline } from '../timeline/timeline.ts';
import { behindArrivals } from './behind.ts';

const profile = [{ forMs: 10_000, from: 100, to: 100 }];
const model = { kind: 'arrivals' as const, profile, spacing: 'even' as const, workers: 1, maxWorkers: 1000 };
const plan = planOf({ load: [{ atMs: 0, durationMs: 10_000, model }] });

/** A timeline with so many iterations done in each second. */
function timelineOf(iterations: readonly number[], dropped: readonly number[] = []): Timeline {
  const empty = emptyTimeline();
  return { ...empty, load: { ...empty.load, iterations, dropped } };
}

test('a service that takes long and keeps up is not behind; one that does fewer than arrive is', () => {
  // Each takes 4 s, and then as many end as begin.
  expect(behindArrivals(plan, timelineOf([0, 0, 0, 0, 100, 100, 100, 100, 100, 100, 400]))).toBe(0);
  expect(behindArrivals(plan, timelineOf([80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 200]))).toBeCloseTo(0.2, 2);
  // What was dropped is counted as a failure, and not here again.
  expect(behindArrivals(plan, timelineOf(Array(10).fill(80), Array(10).fill(20)))).toBe(0);
});

test('arrivals at random may be some fewer, and without arrivals nobody can be behind', () => {
  const random = planOf({ load: [{ atMs: 0, durationMs: 10_000, model: { ...model, spacing: 'poisson' } }] });
  expect(behindArrivals(random, timelineOf(Array(10).fill(90)))).toBe(0);
  expect(behindArrivals(random, timelineOf(Array(10).fill(50)))).toBeGreaterThan(0.3);
  expect(behindArrivals(planOf(), timelineOf([1]))).toBeUndefined();
  expect(behindArrivals(planOf({ durationMs: null }), timelineOf([1]))).toBeUndefined();
});
