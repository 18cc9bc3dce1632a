import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Aggregate, aggregateFromJson, aggregateToJson, emptyAggregate, mergeInto, observe } from './aggregate.ts';
import type { MetricKind } from './metric-definition.ts';
import { comparable } from './samples.test.fixture.ts';

const KINDS: readonly MetricKind[] = ['counter', 'rate', 'trend', 'gauge', 'set'];

const observation = fc.record({
  value: fc.nat({ max: 8000 }).map((eighth) => eighth / 8),
  weight: fc.integer({ min: 1, max: 1000 }),
  text: fc.option(fc.constantFrom('ann', 'bob', 'eve'), { nil: undefined }),
  // Few instants, so that two aggregates often saw their last value at the same one.
  atMs: fc.nat({ max: 3 }),
});
type TimedObservation = typeof observation extends fc.Arbitrary<infer One> ? One : never;
const observations = fc.array(observation, { maxLength: 8 });

function aggregateOf(kind: MetricKind, made: readonly TimedObservation[]): Aggregate {
  const aggregate = emptyAggregate(kind);
  for (const { atMs, ...one } of made.toSorted((a, b) => a.atMs - b.atMs)) observe(aggregate, one, atMs);
  return aggregate;
}

function merged(kind: MetricKind, ...parts: readonly Aggregate[]): Aggregate {
  const whole = emptyAggregate(kind);
  for (const part of parts) mergeInto(whole, part);
  return whole;
}

test.each(KINDS)('no order of merging matters to a %s', (kind) => {
  fc.assert(
    fc.property(observations, observations, observations, (first, second, third) => {
      const [a, b, c] = [first, second, third].map((made) => aggregateOf(kind, made)) as [
        Aggregate,
        Aggregate,
        Aggregate,
      ];
      const whole = comparable(merged(kind, a, b, c));
      expect(comparable(merged(kind, c, b, a))).toEqual(whole);
      expect(comparable(merged(kind, a, merged(kind, b, c)))).toEqual(whole);
    }),
  );
});

test.each(KINDS)('the empty %s adds nothing, and merging leaves what is merged as it was', (kind) => {
  fc.assert(
    fc.property(observations, (made) => {
      const aggregate = aggregateOf(kind, made);
      const before = comparable(aggregate);
      expect(comparable(merged(kind, emptyAggregate(kind), aggregate, emptyAggregate(kind)))).toEqual(before);
      expect(comparable(aggregate)).toEqual(before);
    }),
  );
});

test.each(KINDS)('a %s survives JSON, with samples and without', (kind) => {
  fc.assert(
    fc.property(observations, (made) => {
      const aggregate = aggregateOf(kind, made);
      const read = aggregateFromJson(JSON.parse(JSON.stringify(aggregateToJson(aggregate))));
      // Merged with more, since an aggregate that was read has to go on.
      const more = aggregateOf(kind, [{ value: 7, weight: 2, text: 'eve', atMs: 9 }]);
      expect(comparable(merged(kind, read, more))).toEqual(comparable(merged(kind, aggregate, more)));
    }),
  );
});

test('a counter adds up, a rate counts ones among all, both by weight', () => {
  const counter = emptyAggregate('counter');
  const rate = emptyAggregate('rate');
  for (const value of [1, 0, 3]) for (const into of [counter, rate]) observe(into, { value, weight: 2 }, 0);
  expect(counter).toEqual({ kind: 'counter', sum: 8 });
  expect(rate).toEqual({ kind: 'rate', count: 6, sum: 4 });
});

test('a gauge takes values and changes, and keeps its range', () => {
  const gauge = emptyAggregate('gauge');
  observe(gauge, { value: 5, weight: 1 }, 10);
  observe(gauge, { value: -8, weight: 1, delta: true }, 20);
  expect(gauge).toEqual({ kind: 'gauge', last: -3, lastAtMs: 20, min: -3, max: 5, sum: 2, count: 2 });
});

test('of two gauges the later value stays, whichever is merged into the other', () => {
  const early = aggregateOf('gauge', [{ value: 9, weight: 1, text: undefined, atMs: 1 }]);
  const late = aggregateOf('gauge', [{ value: 4, weight: 1, text: undefined, atMs: 2 }]);
  expect(merged('gauge', early, late)).toMatchObject({ last: 4, lastAtMs: 2 });
  expect(merged('gauge', late, early)).toMatchObject({ last: 4, lastAtMs: 2 });
});

test('a set counts a member once', () => {
  const set = emptyAggregate('set');
  for (const text of ['ann', 'bob', 'ann', undefined]) observe(set, { value: 1, weight: 1, text }, 0);
  expect(set).toEqual({ kind: 'set', members: new Set(['ann', 'bob', '1']) });
});

test('aggregates of two kinds do not merge, and the metric is named', () => {
  expect(() => mergeInto(emptyAggregate('counter'), emptyAggregate('trend'), 'orders')).toThrow(
    expect.objectContaining({
      code: 'ERR_RUN_DAMAGED',
      message: 'orders is a counter in one place and a trend in another',
    }),
  );
});
