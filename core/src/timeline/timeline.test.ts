import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LoadsError } from '../errors/loads-error.ts';
import { latencyCount } from './latencies.ts';
import { seconds, timelineOf } from './timeline.test.fixture.ts';
import { emptyTimeline, MOST_NAME_STEPS, MOST_STEPS, mergeTimelines } from './timeline.ts';
import { readTimeline } from './timeline-json.ts';

/** Thousands of steps are compared as texts first: to walk through them takes seconds. */
function expectSame(found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found).toEqual(wanted);
}

test('merging is associative, commutative, and has nothing as its neutral element', () => {
  fc.assert(
    fc.property(seconds, seconds, seconds, (a, b, c) => {
      const [one, two, three] = [timelineOf(a), timelineOf(b), timelineOf(c)];
      const merged = mergeTimelines([one, two, three]);
      expectSame(mergeTimelines([one, mergeTimelines([two, three])]), merged);
      expectSame(mergeTimelines([three, one, two]), merged);
      expectSame(mergeTimelines([emptyTimeline(), one]), one);
    }),
    { numRuns: 40 },
  );
});

test('the timelines of several nodes are that of one node with all samples', () => {
  fc.assert(
    fc.property(seconds, fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }), (all, owners) => {
      const nodes = [0, 1, 2].map((node) => timelineOf(all.filter((_, i) => owners[i] === node)));
      const [merged, single] = [mergeTimelines(nodes), timelineOf(all)];
      expectSame(merged.total, single.total);
      expectSame(merged.protocols, single.protocols);
      expectSame(merged.requests, single.requests);
      expectSame(merged.load.iterations, single.load.iterations);
    }),
    { numRuns: 40 },
  );
});

test('a timeline survives its file', () => {
  fc.assert(
    fc.property(seconds, (list) => {
      const timeline = timelineOf(list);
      expectSame(readTimeline(JSON.parse(JSON.stringify(timeline))), timeline);
    }),
    { numRuns: 40 },
  );
});

test('nothing is lost when steps are made longer', () => {
  const hour = Array.from({ length: 4000 }, (_, second) => ({ second, name: 'GET /', durations: [5, 9], failed: 1 }));
  const { total, requests, load } = timelineOf(hour);
  expect([total.stepMs, total.count.length]).toEqual([2000, 2000]);
  expect(total.count.length).toBeLessThanOrEqual(MOST_STEPS);
  expect([requests[0]?.stepMs, requests[0]?.count.length]).toEqual([8000, 500]);
  expect(requests[0]?.count.length).toBeLessThanOrEqual(MOST_NAME_STEPS);
  for (const track of [total, ...requests]) {
    expect(track.count.reduce((sum, one) => sum + one, 0)).toBe(8000);
    expect(track.latencies.reduce((sum, one) => sum + latencyCount(one), 0)).toBe(8000);
  }
  // Four workers in every second.
  expect(load.workerSeconds[0]).toBe(8);
});

test('a file from before tracks told their protocol is of HTTP', () => {
  const timeline = timelineOf([{ second: 1, name: 'a', durations: [1], failed: 0 }]);
  const { protocols, ...old } = JSON.parse(JSON.stringify(timeline), (key, value) =>
    key === 'protocol' ? undefined : value,
  );
  expect(protocols).toEqual([]);
  expect(readTimeline(old)).toEqual(timeline);
});

test.each([undefined, null, 5, [], {}])('%j is no timeline', (json) => {
  expect(() => readTimeline(json)).toThrow(LoadsError);
});

test.each([
  ['columns of several lengths', { count: [1, 2] }],
  ['a step that is none', { stepMs: 1500 }],
  ['a bucket that is none', { latencies: [[5, 1]] }],
  ['a count without a bucket', { latencies: [[32]] }],
  ['a negative count', { failed: [-1] }],
  ['a protocol that is none', { protocol: 5 }],
])('%s is no timeline', (_, change) => {
  const timeline = timelineOf([{ second: 0, name: 'a', durations: [1], failed: 0 }]);
  expect(readTimeline(timeline)).toEqual(timeline);
  expect(() => readTimeline({ ...timeline, total: { ...timeline.total, ...change } })).toThrow(LoadsError);
});
