import { expect, test } from 'vitest';
import { RequestSeries } from './request-series.ts';
import { requestSample, written } from './samples.test.fixture.ts';

test('requests become counts, sums and timings, once', () => {
  const series = new RequestSeries({ name: 'GET /' });
  series.record(requestSample());
  series.record(requestSample({ durationMs: 8, failed: true, bytesReceived: 0 }));
  const { arrived, samples } = written((sink) => series.flush(sink));
  expect(arrived.map(({ name, value, weight }) => `${name} ${value} x${weight}`)).toEqual([
    'http_reqs 2 x1',
    'http_req_failed 1 x1',
    'http_req_failed 0 x1',
    'http_req_duration 8 x2',
    'http_req_waiting 6 x2',
    'http_req_blocked 2 x2',
    'data_sent 100 x1',
    'data_received 500 x1',
  ]);
  expect(arrived.every(({ tags }) => tags.name === 'GET /')).toBe(true);
  expect(samples).toBe(11);
  expect(written((sink) => series.flush(sink)).arrived).toEqual([]);
});
