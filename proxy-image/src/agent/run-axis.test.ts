import { type DataPoint, emptyAggregate, observe, type Series } from '@loads/core';
import { expect, test } from 'vitest';
import { RunAxis } from './run-axis.ts';

const START_MS = 1_750_000_000_000;

function axisOf(node: string): RunAxis {
  return new RunAxis({ run: 'r', node }, (atMs) => atMs - START_MS);
}

function windowOf(...latencies: readonly number[]): readonly Series[] {
  const aggregate = emptyAggregate('trend');
  for (const value of latencies) observe(aggregate, { value, weight: 1 }, START_MS);
  return [
    { metric: 'http_req_duration', tags: { name: 'a', status: '200' }, aggregate },
    { metric: 'http_req_waiting', tags: { name: 'a' }, aggregate },
  ];
}

/** Request name, instant, elapsed seconds and number of samples of each step that the points speak of. */
function steps(points: readonly DataPoint[]): readonly unknown[] {
  const ends = points.filter(({ tags }) => tags.le === '+Inf');
  return ends.map(({ atMs, tags, fields }) => [tags.name, atMs - START_MS, fields.elapsed, fields.total]);
}

test('latencies are gathered until a step of the run is over, and stored at the instant of its end', () => {
  const axis = axisOf('1');
  for (const atMs of [1020, 2004, 3001, 4700]) expect(axis.gather(windowOf(1), START_MS + atMs, false)).toEqual([]);
  expect(steps(axis.gather(windowOf(1, 2), START_MS + 5090, false))).toEqual([['(all)', 5000, 5, 6]]);
  // A flush that came late: the step in between has ended with it.
  expect(steps(axis.gather(windowOf(1), START_MS + 16_000, false))).toEqual([['(all)', 15_000, 15, 1]]);
  expect(axis.gather(windowOf(1), START_MS + 17_000, false)).toEqual([]);
  expect(steps(axis.gather(windowOf(1), START_MS + 17_200, true))).toEqual([
    ['(all)', 17_200, 17.2, 2],
    ['a', 17_200, 17.2, 9],
  ]);
});

test('before the start of the run is known nothing is on its axis', () => {
  const axis = new RunAxis({}, () => undefined);
  const point = { measurement: 'm', tags: {}, fields: { sum: 1 }, atMs: START_MS };
  expect(axis.stamp([point], START_MS)).toEqual([point]);
  expect(axis.gather(windowOf(1), START_MS, true)).toEqual([]);
});

test('every point says how many seconds after the start it was taken', () => {
  const point = { measurement: 'm', tags: {}, fields: { sum: 1 }, atMs: START_MS + 1500 };
  expect(axisOf('1').stamp([point], START_MS + 1500)).toEqual([{ ...point, fields: { sum: 1, elapsed: 1.5 } }]);
  const bucket = { ...point, tags: { le: '1' } };
  expect(axisOf('1').stamp([bucket], START_MS + 1500)).toEqual([bucket]);
});
