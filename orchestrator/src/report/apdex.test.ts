import { Histogram, latencyBuckets, type Series, TimelineRecorder } from '@loads/core';
import { expect, test } from 'vitest';
import { apdexAtLeast, apdexOf, apdexRating } from './apdex.ts';

function requests(ms: readonly number[], failed: number, tags: Series['tags']): readonly Series[] {
  const histogram = new Histogram();
  for (const one of ms) histogram.record(one);
  return [
    { metric: 'http_reqs', tags, aggregate: { kind: 'counter', sum: ms.length } },
    { metric: 'http_req_failed', tags, aggregate: { kind: 'rate', count: ms.length, sum: failed } },
    { metric: 'http_req_duration', tags, aggregate: { kind: 'trend', histogram } },
  ];
}

test('up to T satisfies, up to 4 T is tolerated, beyond it and failed ones frustrate', () => {
  const series = [
    ...requests([50, 90, 150, 390, 500], 0, { status: '200', phase: 'steady' }),
    ...requests([1, 1, 1], 3, { phase: 'chaos', status: '503' }),
  ];
  expect(apdexOf(series, 100, { phase: 'steady' })).toBeCloseTo((2 + 2 / 2) / 5);
  expect(apdexOf(series, 100)).toBeCloseTo((2 + 2 / 2) / 8);
  expect(apdexOf(series, 100, { phase: 'recovery' })).toBeUndefined();
});

test('calls of every protocol are rated, connections are not; a protocol alone on demand', () => {
  const calls = requests([50, 500], 0, { name: 'buy' }).map((one) => ({
    ...one,
    metric: one.metric.replace('http', 'grpc'),
  }));
  const waits = requests([1, 1], 0, { name: 'chat' }).map((one) => ({
    ...one,
    metric: one.metric.replace('http_req_duration', 'ws_waiting').replace('http_req_failed', 'ws_session_failed'),
  }));
  const series = [...requests([50, 50], 2, { name: 'buy' }), ...calls, ...waits];
  expect(apdexOf(series, 100)).toBeCloseTo(1 / 4);
  expect(apdexOf(series, 100, { name: 'buy' }, 'grpc')).toBeCloseTo(1 / 2);
  expect(apdexOf(series, 100, { name: 'chat' }, 'ws')).toBeUndefined();
});

test('of a stretch of time it is never more than it was', () => {
  const recorder = new TimelineRecorder();
  recorder.add(requests([50, 90, 150, 390, 500], 1, {}), 0);
  const [latencies = []] = recorder.timeline([]).total.latencies;
  expect(latencyBuckets(latencies).map(({ count }) => count)).toEqual([1, 1, 1, 1, 1]);
  expect(apdexAtLeast(latencies, 0, 100)).toBeCloseTo((2 + 2 / 2) / 5);
  // The failed ones are taken from the satisfied, then from the tolerated.
  expect(apdexAtLeast(latencies, 1, 100)).toBeCloseTo((1 + 2 / 2) / 5);
  expect(apdexAtLeast(latencies, 3, 100)).toBeCloseTo((0 + 1 / 2) / 5);
  expect(apdexAtLeast([], 0, 100)).toBeUndefined();
});

test.each([
  [0.49, 'unacceptable'],
  [0.5, 'poor'],
  [0.7, 'fair'],
  [0.85, 'good'],
  [0.94, 'excellent'],
])('%s is %s', (score, word) => {
  expect(apdexRating(score).word).toBe(word);
});
