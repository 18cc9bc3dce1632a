import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyAggregate, mergeInto } from './aggregate.ts';
import {
  anySample,
  comparable,
  comparableSeries,
  samplesOnNodes,
  seriesOf,
  splitOverNodes,
} from './samples.test.fixture.ts';
import { carries, groupBy, mergeSeries, type Series, select, seriesKey } from './series.ts';
import { kindOf, METRICS } from './vocabulary.ts';

test('the key of a series depends on its tags, not on their order', () => {
  expect(seriesKey('a', { x: '1', y: '2' })).toBe(seriesKey('a', { y: '2', x: '1' }));
  const keys = [
    seriesKey('a', {}),
    seriesKey('b', {}),
    seriesKey('a', { x: '' }),
    seriesKey('a', { x: '1' }),
    seriesKey('a', { x: '12' }),
    seriesKey('a', { x: '1', y: '2' }),
    seriesKey('a', { x: '1y2' }),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  [{}, {}, true],
  [{ phase: 'steady' }, { phase: 'steady' }, true],
  [{ phase: 'steady' }, { phase: 'chaos' }, false],
  [{}, { phase: 'chaos' }, false],
  // A tag that is not there is ''.
  [{}, { name: '' }, true],
  [{ name: 'GET /' }, { name: '' }, false],
  // One of the faults that a sample overlapped is enough; of other tags a part is nothing.
  [{ fault: 'slow+dead' }, { fault: 'dead' }, true],
  [{ fault: 'slow+dead' }, { fault: 'slow+dead' }, true],
  [{ fault: 'slow+dead' }, { fault: 'slow+' }, false],
  [{ fault: 'slow' }, { fault: '' }, false],
  [{ name: 'slow+dead' }, { name: 'dead' }, false],
])('a series with %o carries %o: %s', (tags, wanted, carried) => {
  expect(carries(tags, wanted)).toBe(carried);
});

const anySeries = fc.array(anySample, { maxLength: 60 }).map((samples) => seriesOf(samples));

test('the groups of a metric add up to the whole, and each is what its tag selects', () => {
  fc.assert(
    fc.property(
      anySeries,
      fc.constantFrom('http_reqs', 'http_req_duration', 'orders', 'queue', 'visitors'),
      fc.constantFrom('name', 'status', 'phase', 'a'),
      (series, metric, tag) => {
        const groups = groupBy(series, metric, tag);
        const whole = select(series, metric);
        expect(comparable(mergedOf([...groups.values()]))).toEqual(comparable(whole));
        for (const [value, group] of groups) {
          expect(comparable(group)).toEqual(comparable(select(series, metric, { [tag]: value })));
        }
        expect([...groups.keys()]).toEqual([...groups.keys()].toSorted((a, b) => a.localeCompare(b)));
      },
    ),
  );
});

test('selecting and grouping leave the series as they were', () => {
  fc.assert(
    fc.property(anySeries, (series) => {
      const before = comparableSeries(series);
      select(series, 'http_req_duration');
      groupBy(series, 'http_reqs', 'name');
      mergeSeries([series, series]);
      expect(comparableSeries(series)).toEqual(before);
    }),
  );
});

test('nothing is selected of a metric that was never seen', () => {
  const series = seriesOf([{ metric: 'a', type: 'c', tags: { x: '1' }, value: 1, weight: 1 }]);
  expect(select(series, 'b')).toBeUndefined();
  expect(select(series, 'a', { x: '2' })).toBeUndefined();
  expect(groupBy(series, 'b', 'x').size).toBe(0);
  expect(groupBy(series, 'a', 'x', { x: '2' }).size).toBe(0);
});

test('samples spread over nodes in any way merge into what one node would have kept', () => {
  fc.assert(
    fc.property(samplesOnNodes, (samples) => {
      const one = seriesOf(samples.map(([sample]) => sample));
      const nodes = splitOverNodes(samples);
      expect(comparableSeries(mergeSeries(nodes))).toEqual(comparableSeries(one));
      expect(comparableSeries(mergeSeries(nodes.toReversed()))).toEqual(comparableSeries(one));
    }),
  );
});

test('nodes that disagree on the kind of a metric cannot be merged', () => {
  const counted = seriesOf([{ metric: 'orders', type: 'c', tags: {}, value: 1, weight: 1 }]);
  const timed = seriesOf([{ metric: 'orders', type: 'ms', tags: {}, value: 1, weight: 1 }]);
  expect(() => mergeSeries([counted, timed])).toThrow(/^orders is a counter in one place and a trend in another$/);
});

test('a metric of ours has its own kind, any other that of its statsd type', () => {
  expect(kindOf('http_req_failed', 'h')).toBe('rate');
  expect(kindOf('http_reqs', 'g')).toBe('counter');
  expect(['c', 'ms', 'h', 'd', 'g', 's'].map((type) => kindOf('mine', type as 'c'))).toEqual([
    'counter',
    'trend',
    'trend',
    'trend',
    'gauge',
    'set',
  ]);
  // A name that every object has is no metric of ours.
  expect([kindOf('constructor', 'c'), kindOf('__proto__', 's')]).toEqual(['counter', 'set']);
  expect(Object.values(METRICS).every(({ doc }) => doc.endsWith('.'))).toBe(true);
});

function mergedOf(aggregates: readonly Series['aggregate'][]): Series['aggregate'] | undefined {
  const [first] = aggregates;
  if (!first) return undefined;
  const whole = emptyAggregate(first.kind);
  for (const one of aggregates) mergeInto(whole, one);
  return whole;
}
