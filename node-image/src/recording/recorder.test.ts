import type { PhaseStamp } from '@loads/core';
import { expect, test } from 'vitest';
import { RequestError } from '../http/request-error.ts';
import { Recorder } from './recorder.ts';
import { type Arrived, requestSample, written } from './samples.test.fixture.ts';

/** Steady until 1000 ms, then the fault `slow`; what touches the fault belongs to it. */
function stamp(_: number, toMs: number): PhaseStamp {
  return toMs < 1000 ? { phase: 'steady', fault: '' } : { phase: 'chaos', fault: 'slow' };
}

function flushed(recorder: Recorder, metric?: string): readonly Arrived[] {
  const { arrived } = written((sink) => recorder.flush(sink));
  return metric === undefined ? arrived : arrived.filter(({ name }) => name === metric);
}

test('requests that share all tags are one series', () => {
  const recorder = new Recorder(stamp);
  recorder.request('read', requestSample());
  recorder.request('read', requestSample());
  recorder.request('buy', requestSample());
  recorder.request('read', requestSample({ status: 404 }));
  recorder.request('read', requestSample({ method: 'HEAD' }));
  recorder.request('read', requestSample({ name: 'GET /x' }));
  recorder.request('read', requestSample({ startMs: 990, endMs: 1010 }));
  const common = { scenario: 'read', name: 'GET /', method: 'GET', status: '200', phase: 'steady' };
  expect(flushed(recorder, 'http_reqs').map(({ value, tags }) => [value, tags])).toEqual([
    [2, common],
    [1, { ...common, scenario: 'buy' }],
    [1, { ...common, status: '404' }],
    [1, { ...common, method: 'HEAD' }],
    [1, { ...common, name: 'GET /x' }],
    [1, { ...common, phase: 'chaos', fault: 'slow' }],
  ]);
  expect(flushed(recorder)).toEqual([]);
});

test('a failed request counts under the class of its failure', () => {
  const recorder = new Recorder(stamp);
  const failed = { failed: true, status: 0, failure: 'timeout' } as const;
  recorder.request('read', requestSample(failed));
  recorder.request('read', requestSample(failed));
  recorder.request('read', requestSample({ ...failed, failure: 'reset', endMs: 1000 }));
  expect(flushed(recorder, 'failures').map(({ value, tags }) => [value, tags])).toEqual([
    [2, { class: 'timeout', scenario: 'read', phase: 'steady' }],
    [1, { class: 'reset', scenario: 'read', phase: 'chaos', fault: 'slow' }],
  ]);
});

test('what is thrown outside of iterations counts as a failure of its own, the error of a request that has been counted, too', () => {
  const recorder = new Recorder(stamp);
  const error = new RequestError('GET', 'http://shop.test/', 'refused', new Error('nobody is there'));
  recorder.request('read', requestSample({ failed: true, status: 0, failure: 'refused', error }));
  recorder.outside('uncaught', error, 500);
  recorder.outside('uncaught', 'thrown in a timer', 1500);
  recorder.outside('teardown', error, 500, 'teardownWorker');
  const scenario = '(outside of an iteration)';
  expect(flushed(recorder, 'failures').map(({ value, tags }) => [value, tags])).toEqual([
    [1, { class: 'refused', scenario: 'read', phase: 'steady' }],
    [1, { class: 'uncaught', scenario, phase: 'steady' }],
    [1, { class: 'uncaught', scenario, phase: 'chaos', fault: 'slow' }],
    [1, { class: 'teardown', scenario: 'teardownWorker', phase: 'steady' }],
  ]);
  const told = recorder.errors.all.map((one) => [one.scenario, one.failure, one.message]);
  expect(told).toEqual([
    ['read', 'refused', expect.stringContaining('GET /')],
    [scenario, 'uncaught', 'GET http://shop.test/ failed: connection refused'],
    [scenario, 'uncaught', 'thrown in a timer'],
    ['teardownWorker', 'teardown', 'GET http://shop.test/ failed: connection refused'],
  ]);
});

test('names beyond the limit are one name, and their requests are counted', () => {
  const recorder = new Recorder(stamp);
  for (let i = 0; i < 600; i++) recorder.request('read', requestSample({ name: `GET /${i}` }));
  recorder.request('read', requestSample({ name: 'GET /7' }));
  const arrived = flushed(recorder);
  const requests = arrived.filter(({ name }) => name === 'http_reqs');
  expect(requests).toHaveLength(501);
  expect(requests.find(({ tags }) => tags.name === 'GET /7')?.value).toBe(2);
  expect(requests.find(({ tags }) => tags.name === '(other)')?.value).toBe(100);
  expect(arrived.find(({ name }) => name === 'capped_names')?.value).toBe(100);
  expect(requests.reduce((sum, { value }) => sum + value, 0)).toBe(601);
  expect(flushed(recorder, 'capped_names')).toEqual([]);
});

test('iterations have their duration and outcome, and a failure of their own its class', () => {
  const recorder = new Recorder(stamp);
  recorder.iteration('read', 100, 150, false);
  recorder.iteration('read', 100, 150, true, 'assertion');
  recorder.iteration('read', 100, 150, true);
  // Clocks do not run backwards; a sample below 0 would be the end of the node.
  recorder.iteration('read', 150, 100, false);
  const tags = { scenario: 'read', phase: 'steady' };
  expect(flushed(recorder)).toEqual([
    { name: 'iterations', type: 'c', value: 4, weight: 1, tags },
    { name: 'iteration_failed', type: 'h', value: 1, weight: 2, tags },
    { name: 'iteration_failed', type: 'h', value: 0, weight: 2, tags },
    { name: 'iteration_duration', type: 'ms', value: 0, weight: 1, tags },
    { name: 'iteration_duration', type: 'ms', value: 50, weight: 3, tags },
    { name: 'failures', type: 'c', value: 1, weight: 1, tags: { ...tags, class: 'assertion' } },
  ]);
  expect(flushed(recorder)).toEqual([]);
});

test('checks count by their name, the one that held as 1', () => {
  const recorder = new Recorder(stamp);
  for (const ok of [true, true, false]) recorder.check('read', 'is fast', ok, 100);
  recorder.check('read', 'is fast', false, 1000);
  expect(flushed(recorder, 'checks').map(({ value, weight, tags }) => [value, weight, tags.phase])).toEqual([
    [1, 2, 'steady'],
    [0, 1, 'steady'],
    [0, 1, 'chaos'],
  ]);
});

test('what has meaning in a line of statsd does not break it', () => {
  const recorder = new Recorder(stamp);
  recorder.request('a|b', requestSample({ name: 'GET /a,b:c#d\n|@0.1' }));
  const [request] = flushed(recorder, 'http_reqs');
  expect(request?.tags).toMatchObject({ scenario: 'a_b', name: 'GET /a_b:c_d__@0.1', phase: 'steady' });
});
