import { expect, test } from 'vitest';
import { partOf, runOf, spread } from './figures.test.fixture.ts';
import { trendOf } from './trend.ts';

const at = (day: number): { run: string; createdAt: string } => ({
  run: `run-${day}`,
  createdAt: `2026-11-0${day}T00:00:00.000Z`,
});

test('each run is compared with the last one before it that is valid and had the same load', () => {
  const fast = [partOf(spread(10, 20, 1000))];
  const slow = [partOf(spread(40, 80, 1000))];
  const { points } = trendOf('shop', [
    runOf(slow, at(3)),
    runOf(fast, at(1)),
    runOf(fast, { ...at(2), outcome: 'invalid' }),
    runOf(slow, { ...at(4), load: { load: 'twice as much' } }),
    runOf(fast, { ...at(5), outcome: 'failed' }),
    runOf([], at(6)),
  ]);
  expect(points.map(({ run, against, change }) => [run, against, change])).toEqual([
    ['run-1', undefined, undefined],
    ['run-2', undefined, undefined],
    ['run-3', 'run-1', 'worse'],
    ['run-4', undefined, undefined],
    ['run-5', 'run-3', 'better'],
    ['run-6', undefined, undefined],
  ]);
});

test('figures are over all phases, merged, and by phase; single requests and faults are not counted again', () => {
  const chaos = partOf(spread(100, 200, 100), { phase: 'chaos', failed: 20 });
  const steady = partOf(spread(10, 20, 900));
  const others = [
    partOf(spread(1, 2, 500), { metric: 'grpc_req_duration' }),
    partOf(spread(1, 2, 500), { name: 'GET /' }),
    partOf(spread(1, 2, 500), { fault: 'slow' }),
  ];
  const [point] = trendOf('shop', [runOf([steady, chaos, ...others], at(1))]).points;
  expect(point?.all).toMatchObject({ count: 1000, failures: 0.02 });
  expect(point?.all?.p95).toBeGreaterThan(100);
  expect(Object.keys(point?.phases ?? {})).toEqual(['steady', 'chaos']);
  expect(point?.phases.steady?.p95).toBeLessThan(20);
  expect(point?.phases.chaos?.failures).toBe(0.2);
});
