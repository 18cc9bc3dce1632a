import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from '../histogram/histogram.ts';
import { emptyAggregate, observe } from './aggregate.ts';
import {
  BEYOND_BOUNDS,
  type CumulativeOver,
  cumulativeInstant,
  cumulativePoints,
  cumulativeSeries,
} from './cumulative-points.ts';
import type { DataPoint } from './data-point.ts';
import { HEAT_MAP_BOUNDS, LE } from './schema.ts';
import type { Series, Tags } from './series.ts';

function latencies(tags: Tags, values: readonly number[]): Series {
  const aggregate = emptyAggregate('trend');
  for (const value of values) observe(aggregate, { value, weight: 1 }, 0);
  return { metric: 'http_req_duration', tags, aggregate };
}

function pointsOf(over: CumulativeOver, series: readonly Series[], common: Tags = {}, atMs = 0): readonly DataPoint[] {
  return cumulativePoints(cumulativeSeries(over, series), common, atMs);
}

/** What the dashboards ask the database for: the smallest bound that at least `share` of all samples do not exceed. */
function percentileOf(points: readonly DataPoint[], share: number): number {
  const sums = new Map<number, { atMost: number; total: number }>();
  for (const { fields } of points) {
    const { at_most, total, bound } = fields as Readonly<Record<string, number>>;
    const sum = sums.get(bound ?? 0) ?? { atMost: 0, total: 0 };
    sums.set(bound ?? 0, { atMost: sum.atMost + (at_most ?? 0), total: sum.total + (total ?? 0) });
  }
  return Math.min(...[...sums].filter(([, { atMost, total }]) => atMost / total >= share).map(([bound]) => bound));
}

test('every bound has its point, also where nothing is, so that the points of all series and nodes add up', () => {
  const points = pointsOf(
    'names',
    [latencies({ name: 'a', status: '200', phase: 'steady' }, [3, 20_000])],
    { node: '1' },
    5,
  );
  expect(points.map(({ tags }) => tags.le)).toEqual(LE);
  expect(points[0]).toEqual({
    measurement: 'http_req_duration_cumulative',
    tags: { scenario: '', name: 'a', phase: 'steady', node: '1', le: '0.1' },
    fields: { at_most: 0, total: 2, bound: 0.1 },
    atMs: 5,
  });
  expect(points.at(-2)?.fields).toEqual({ at_most: 1, total: 2, bound: 10_000 });
  expect(points.at(-1)?.fields).toEqual({ at_most: 2, total: 2, bound: BEYOND_BOUNDS });
});

test('statuses, methods and faults are merged; other metrics are none of it', () => {
  const series = [
    latencies({ name: 'a', status: '200' }, [1]),
    latencies({ name: 'a', status: '503', fault: 'slow' }, [2]),
    latencies({ name: 'b' }, [3]),
    { ...latencies({ name: 'a' }, [4]), metric: 'http_req_waiting' },
  ];
  const totals = pointsOf('names', series).filter(({ tags }) => tags.le === '+Inf');
  expect(totals.map(({ tags, fields }) => [tags.name, fields.total])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});

test('latencies of every protocol have theirs', () => {
  const series = [
    latencies({ name: 'a' }, [1]),
    { ...latencies({ name: 'a' }, [2, 3]), metric: 'ws_waiting' },
    { ...latencies({ name: 'a' }, [4]), metric: 'grpc_req_duration' },
    { ...latencies({ name: 'a' }, [4]), metric: 'ws_ping' },
  ];
  const totals = pointsOf('all', series).filter(({ tags }) => tags.le === '+Inf');
  expect(totals.map(({ measurement, fields }) => [measurement, fields.total]).sort()).toEqual([
    ['grpc_req_duration_cumulative', 1],
    ['http_req_duration_cumulative', 1],
    ['ws_waiting_cumulative', 2],
  ]);
});

test('summed over any nodes and series, a percentile is right to its bucket', () => {
  const values = fc.array(fc.double({ min: 0.01, max: 9000, noNaN: true }), { minLength: 1, maxLength: 40 });
  const nodes = fc.array(values, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(nodes, fc.constantFrom(0.5, 0.95, 0.99), (parts, share) => {
      const points = parts.flatMap((part, i) => pointsOf('names', [latencies({ name: `${i % 2}` }, part)]));
      const all = new Histogram();
      for (const value of parts.flat()) all.record(value);
      const bound = percentileOf(points, share);
      const exact = all.quantile(share) ?? Number.NaN;
      const below = HEAT_MAP_BOUNDS[HEAT_MAP_BOUNDS.indexOf(bound) - 1] ?? 0;
      // The buckets of the histogram itself are 0.8 % wide, and lie across the bounds.
      expect(exact).toBeLessThanOrEqual(bound * 1.008);
      expect(exact).toBeGreaterThanOrEqual(below * 0.992);
    }),
  );
});

test('names can be merged too, but not scenarios and phases', () => {
  const series = [
    latencies({ scenario: 's', name: 'a', phase: 'steady' }, [1]),
    latencies({ scenario: 's', name: 'b', phase: 'steady' }, [2]),
    latencies({ scenario: 's', name: 'b', phase: 'chaos' }, [3]),
  ];
  const totals = pointsOf('all', series).filter(({ tags }) => tags.le === '+Inf');
  expect(totals.map(({ tags, fields }) => [tags.name, tags.phase, fields.total])).toEqual([
    ['(all)', 'steady', 2],
    ['(all)', 'chaos', 1],
  ]);
  // In two steps as in one.
  const first = cumulativeSeries('all', series.slice(0, 2));
  expect(cumulativeSeries('all', [...first, ...series.slice(2)])).toEqual(cumulativeSeries('all', series));
});

test.each([
  // Every 5 s and 30 s at first, then less often; the instants are those of all nodes.
  ['all', 4999, 0],
  ['all', 5000, 5000],
  ['all', 14_999, 10_000],
  ['names', 29_999, 0],
  ['names', 61_000, 60_000],
  ['all', 599_999, 595_000],
  ['all', 600_000, 600_000],
  ['all', 629_999, 600_000],
  ['all', 3_600_000, 3_600_000],
  ['all', 3_659_999, 3_600_000],
  ['names', 3_720_500, 3_720_000],
] as const)('over %s the last instant up to %d ms is %d ms', (over, elapsed, instant) => {
  expect(cumulativeInstant(over, elapsed)).toBe(instant);
});
