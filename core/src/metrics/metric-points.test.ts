import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyAggregate, type Observation, observe } from './aggregate.ts';
import { formatPoint } from './data-point.ts';
import { metricPoints } from './metric-points.ts';
import { HEAT_MAP_BOUNDS, LE } from './schema.ts';
import type { Series } from './series.ts';

const AT_MS = 1_750_000_000_000;

function seriesOf(
  kind: Parameters<typeof emptyAggregate>[0],
  made: readonly Partial<Observation>[],
  tags = {},
): Series {
  const aggregate = emptyAggregate(kind);
  for (const one of made) observe(aggregate, { value: 1, weight: 1, ...one }, AT_MS);
  return { metric: 'm', tags, aggregate };
}

function linesOf(series: Series, common = {}): readonly (string | undefined)[] {
  return metricPoints(series, common, AT_MS).map(formatPoint);
}

test.each([
  ['a counter', seriesOf('counter', [{ value: 3 }, { value: 4 }]), `m sum=7 ${AT_MS}`],
  ['a rate', seriesOf('rate', [{ value: 1, weight: 3 }, { value: 0 }]), `m count=4,sum=3 ${AT_MS}`],
  ['a gauge', seriesOf('gauge', [{ value: 5 }, { value: -2 }]), `m value=-2,min=-2,max=5 ${AT_MS}`],
  ['a set', seriesOf('set', [{ text: 'ann' }, { text: 'bob' }]), `m count=2 ${AT_MS}`],
])('%s is one point', (_, series, line) => {
  expect(linesOf(series)).toEqual([line]);
});

test('a trend is one point of its figures, and one for each non-empty bucket of the heat map', () => {
  const series = seriesOf('trend', [{ value: 10, weight: 98 }, { value: 20_000 }, { value: 0 }]);
  expect(linesOf(series)).toEqual([
    `m count=100,sum=20980,min=0,max=20000,p50=${at(series, 0.5)},p90=${at(series, 0.9)},p95=${at(series, 0.95)},p99=${at(series, 0.99)} ${AT_MS}`,
    `m_bucket,le=0.1 count=1 ${AT_MS}`,
    `m_bucket,le=10 count=98 ${AT_MS}`,
    `m_bucket,le=+Inf count=1 ${AT_MS}`,
  ]);
});

test('a point carries the tags of its series and the common ones; what would collide has another name', () => {
  const series = seriesOf('counter', [{}], { name: 'GET /a b', node: '9', le: '1', time: 'x', sum: 'y' });
  expect(linesOf(series, { run: 'r1', node: '2' })).toEqual([
    `m,name=GET\\ /a\\ b,node=2,run=r1,tag_le=1,tag_node=9,tag_sum=y,tag_time=x sum=1 ${AT_MS}`,
  ]);
});

test('a metric with the name of a measurement of ours is another measurement, and so are its buckets', () => {
  const lines = linesOf({ ...seriesOf('trend', [{ value: 3 }]), metric: 'events' });
  expect(lines.map((line) => line?.split(/[, ]/)[0])).toEqual(['metric_events', 'metric_events_bucket']);
});

test('the bounds of the heat map ascend from 0.1 ms to 10 s', () => {
  expect([HEAT_MAP_BOUNDS.length, HEAT_MAP_BOUNDS[0], HEAT_MAP_BOUNDS.at(-1)]).toEqual([51, 0.1, 10_000]);
  expect(LE).toHaveLength(52);
  expect([...HEAT_MAP_BOUNDS]).toEqual([...new Set(HEAT_MAP_BOUNDS)].sort((a, b) => a - b));
});

test('the buckets of the heat map hold every sample once', () => {
  const made = fc.array(
    fc.record({ value: fc.double({ min: 0, max: 1e6, noNaN: true }), weight: fc.integer({ min: 1, max: 9 }) }),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(made, (samples) => {
      const [, ...buckets] = linesOf(seriesOf('trend', samples));
      const counts = buckets.map((line) => Number(/count=(\d+)/.exec(line ?? '')?.[1]));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(samples.reduce((sum, { weight }) => sum + weight, 0));
    }),
  );
});

function at({ aggregate }: Series, quantile: number): number | undefined {
  return aggregate.kind === 'trend' ? aggregate.histogram.quantile(quantile) : undefined;
}
