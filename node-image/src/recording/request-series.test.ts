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
    'http_req_receiving 2 x2',
    'http_req_blocked 2 x2',
    'data_sent 100 x1',
    'data_received 500 x1',
  ]);
  expect(arrived.every(({ tags }) => tags.name === 'GET /')).toBe(true);
  expect(samples).toBe(13);
  expect(written((sink) => series.flush(sink)).arrived).toEqual([]);
});

test('what it took to open a connection counts once for each that was opened', () => {
  const series = new RequestSeries({});
  series.record(requestSample({ opening: { lookupMs: 1, connectMs: 2, tlsMs: 0 } }));
  series.record(requestSample({ opening: { lookupMs: 0, connectMs: 3, tlsMs: 5 } }));
  series.record(requestSample());
  const { arrived } = written((sink) => series.flush(sink));
  const opened = arrived.filter(({ name }) => /connecting|handshaking/.test(name));
  expect(opened.map(({ name, value, weight }) => `${name} ${value} x${weight}`)).toEqual([
    'http_req_connecting 3 x2',
    'http_req_tls_handshaking 5 x1',
  ]);
});

test('what it took to send counts for large bodies only', () => {
  const series = new RequestSeries({});
  series.record(requestSample({ sendingMs: 7 }));
  series.record(requestSample());
  const { arrived } = written((sink) => series.flush(sink));
  const sending = arrived.filter(({ name }) => name === 'http_req_sending');
  expect(sending.map(({ value, weight }) => [value, weight])).toEqual([[7, 1]]);
});
