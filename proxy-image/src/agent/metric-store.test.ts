import { aggregateToJson, parseDatagram, type ReadTags, rememberTags } from '@loads/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MetricStore } from './metric-store.ts';

/** A store, and how to give it lines. Each line arrives a ms after the one before, and its tags are read as by the agent. */
function storeOf(
  options: Partial<ConstructorParameters<typeof MetricStore>[0]> = {},
  tagsOf: ReadTags | 'as they come' = rememberTags(),
): { store: MetricStore; take: (...lines: readonly string[]) => void } {
  const store = new MetricStore({ stamp: () => ({ phase: 'steady', fault: '' }), ...options });
  let atMs = 1000;
  const take = (...lines: readonly string[]): void =>
    parseDatagram(
      lines.join('\n'),
      {
        sample: (sample) => store.record(sample, atMs++),
        malformed: () => store.reject(),
        ignored: () => undefined,
      },
      tagsOf === 'as they come' ? undefined : tagsOf,
    );
  return { store, take };
}

/** Series as `metric{tags}` with their aggregate. */
function shown(series: MetricStore['series']): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    series.map(({ metric, tags, aggregate }) => {
      const list = Object.keys(tags)
        .sort()
        .map((tag) => `${tag}:${tags[tag]}`);
      return [`${metric}{${list.join(',')}}`, aggregateToJson(aggregate)];
    }),
  );
}

test('a flush gives what came since the last one, and the total goes on', () => {
  const { store, take } = storeOf();
  take('orders:2|c', 'orders:3|c');
  expect(shown(store.series)).toEqual({});
  expect(shown(store.flush())).toEqual({ 'orders{phase:steady}': { kind: 'counter', sum: 5 } });
  take('orders:1|c', 'visitors:ann|s');
  expect(shown(store.series)).toEqual({ 'orders{phase:steady}': { kind: 'counter', sum: 5 } });
  expect(shown(store.flush())).toEqual({
    'orders{phase:steady}': { kind: 'counter', sum: 1 },
    'visitors{phase:steady}': { kind: 'set', members: ['ann'] },
  });
  expect(shown(store.series)).toMatchObject({ 'orders{phase:steady}': { sum: 6 }, 'visitors{phase:steady}': {} });
  expect(store.flush()).toEqual([]);
});

test('windows that were given out do not change any more', () => {
  const { store, take } = storeOf();
  take('step:10|ms', 'queue:5|g');
  const window = store.flush();
  const before = shown(window);
  take('step:20|ms', 'queue:7|g');
  store.flush();
  expect(shown(window)).toEqual(before);
});

test('the order of the tags makes no other series', () => {
  const { store, take } = storeOf();
  take(
    'a:1|c|#x:1,y:2',
    'a:1|c|#y:2,x:1',
    'a:1|c|#y:2,x:1,phase:steady',
    'a:1|c|#phase:steady,x:1,y:2',
    'a,x=1,y=2:1|c',
  );
  store.flush();
  expect(shown(store.series)).toEqual({ 'a{phase:steady,x:1,y:2}': { kind: 'counter', sum: 5 } });
});

test('series that differ in any way stay apart', () => {
  const { store, take } = storeOf();
  take(
    'a:1|c',
    'a:1|c|#x',
    'a:1|c|#x:',
    'a:1|c|#x:1',
    'a:1|c|#x:2',
    'b:1|c',
    'a:1|c|#fault:slow',
    'a:1|c|#phase:chaos',
  );
  store.flush();
  // An empty tag is none.
  expect(store.series).toHaveLength(7);
});

test('a sample that names no phase is stamped with that of its arrival; one that does is left as it is', () => {
  const { store, take } = storeOf({
    stamp: (atMs) => (atMs < 1002 ? { phase: 'steady', fault: '' } : { phase: 'chaos', fault: 'slow' }),
  });
  take('a:1|c', 'a:1|c', 'a:1|c', 'a:1|c|#phase:recovery', 'a:1|c|#fault:mine');
  store.flush();
  expect(shown(store.series)).toEqual({
    'a{phase:steady}': { kind: 'counter', sum: 2 },
    'a{fault:slow,phase:chaos}': { kind: 'counter', sum: 1 },
    'a{phase:recovery}': { kind: 'counter', sum: 1 },
    'a{fault:mine,phase:chaos}': { kind: 'counter', sum: 1 },
  });
});

test('a timing counts by its weight, any other line as one sample', () => {
  const { store, take } = storeOf();
  take(
    'step:5|ms|@0.01',
    'http_req_failed:1|h|@0.1',
    'orders:5|c|@0.1',
    'queue:3|g',
    'visitors:ann|s',
    'step:1:2:3|ms',
  );
  store.flush();
  expect(store.counts).toEqual({ received: 116, stored: 116, rejected: 0 });
  expect(shown(store.series)).toMatchObject({
    'step{phase:steady}': { histogram: { count: 103, sum: 506 } },
    'http_req_failed{phase:steady}': { count: 10, sum: 10 },
    'orders{phase:steady}': { sum: 50 },
  });
});

test('counts are those of the last flush, as the series are', () => {
  const { store, take } = storeOf();
  take('a:1|c', 'nonsense');
  expect(store.counts).toEqual({ received: 0, stored: 0, rejected: 0 });
  store.flush();
  take('a:1|c');
  expect(store.counts).toEqual({ received: 2, stored: 1, rejected: 1 });
});

test('series beyond the limit are rejected and counted; those that are known go on', () => {
  const { store, take } = storeOf({ maxSeries: 2 });
  take('a:1|c|#x:1', 'a:1|c|#x:2', 'a:1|c|#x:3', 'b:1|ms|@0.1', 'a:1|c|#x:1');
  store.flush();
  expect(store.series).toHaveLength(2);
  expect(store.counts).toEqual({ received: 14, stored: 3, rejected: 11 });
});

test('a metric has the kind of its first sample, and rejects samples of another, with any tags', () => {
  const { store, take } = storeOf();
  take('mine:1|c', 'mine:5|ms|@0.5', 'mine:5|g|#x:1', 'mine:2|c|#x:1', 'mine:3|c');
  store.flush();
  expect(shown(store.series)).toEqual({
    'mine{phase:steady}': { kind: 'counter', sum: 4 },
    'mine{phase:steady,x:1}': { kind: 'counter', sum: 2 },
  });
  expect(store.counts).toEqual({ received: 6, stored: 3, rejected: 3 });
});

test('a metric of ours has its own kind, whatever it came as, but takes no value that this kind has not', () => {
  const { store, take } = storeOf();
  take(
    'http_reqs:5|g',
    'http_req_failed:0|c',
    'http_req_duration:7|g',
    'http_req_duration:-7|g',
    'http_req_duration:-1|c',
  );
  store.flush();
  expect(shown(store.series)).toMatchObject({
    'http_reqs{phase:steady}': { kind: 'counter', sum: 5 },
    'http_req_failed{phase:steady}': { kind: 'rate', count: 1, sum: 0 },
    'http_req_duration{phase:steady}': { kind: 'trend', histogram: { count: 1, min: 7 } },
  });
  expect(store.counts).toEqual({ received: 5, stored: 3, rejected: 2 });
});

test('a series that was only ever rejected is not among the series', () => {
  const { store, take } = storeOf();
  take('http_req_duration:-7|g');
  store.flush();
  expect(store.series).toEqual([]);
});

test('a change of a gauge is added to its last value, in the window or before it', () => {
  const { store, take } = storeOf();
  take('queue:10|g', 'queue:+5|g');
  store.flush();
  take('queue:-3|g', 'queue:-2|g', 'new:+4|g');
  store.flush();
  expect(shown(store.series)).toMatchObject({
    'queue{phase:steady}': { last: 10, min: 10, max: 15, count: 4 },
    'new{phase:steady}': { last: 4 },
  });
});

test('flushing at any moments leaves the same totals', () => {
  const line = fc.constantFrom(
    'a:1|c',
    'a:2|c|#x:1',
    'step:5|ms',
    'queue:3|g',
    'queue:+2|g',
    'queue:-9|g',
    'who:ann|s',
    '?',
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(line, fc.boolean())), (lines) => {
      const [once, often] = [storeOf(), storeOf()];
      for (const [text, flush] of lines) {
        once.take(text);
        often.take(text);
        if (flush) often.store.flush();
      }
      once.store.flush();
      often.store.flush();
      expect(shown(often.store.series)).toEqual(shown(once.store.series));
      expect(often.store.counts).toEqual(once.store.counts);
      expect(once.store.counts.received).toBe(lines.length);
    }),
  );
});

test('a program that shuffles its tags loses nothing by it', () => {
  const { store, take } = storeOf({ maxSeries: 1 });
  const orders = ['a:1,b:2,c:3', 'a:1,c:3,b:2', 'b:2,a:1,c:3', 'b:2,c:3,a:1', 'c:3,a:1,b:2', 'c:3,b:2,a:1'];
  for (const tags of [...orders, ...orders]) take(`m:1|c|#${tags}`);
  store.flush();
  expect(shown(store.series)).toEqual({ 'm{a:1,b:2,c:3,phase:steady}': { kind: 'counter', sum: 12 } });
});

test('tags that are known again change nothing, whatever else of a line differs', () => {
  const part = <Part>(...parts: readonly Part[]): fc.Arbitrary<Part> => fc.constantFrom(...parts);
  const tags = part('', '|#x:1', '|#x:1,y:2', '|#y:2,x:1', '|#phase:chaos', '|#phase:chaos,fault:f', '|#fault:f');
  const line = fc
    .tuple(part('a', 'a,x=1', 'a-longer-name-than-most'), part('1', '+2', '3'), part('c', 'ms', 'g', 's'), tags)
    .map(([name, value, type, section]) => `${name}:${value}|${type}${section}`);
  // The run goes through phases meanwhile.
  const stamp = (atMs: number) => ({ phase: 'chaos' as const, fault: atMs % 4 < 2 ? '' : 'slow' });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60, size: 'max' }), fc.integer({ min: 1, max: 3 }), (lines, most) => {
      const known = storeOf({ stamp, maxSeries: 8 }, rememberTags(most));
      const read = storeOf({ stamp, maxSeries: 8 }, 'as they come');
      for (const { take, store } of [known, read]) {
        take(...lines);
        store.flush();
      }
      expect(shown(known.store.series)).toEqual(shown(read.store.series));
      expect(known.store.counts).toEqual(read.store.counts);
    }),
  );
});
