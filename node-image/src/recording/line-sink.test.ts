import { SampleWindow } from '@loads/core';
import { expect, test } from 'vitest';
import { LineSink } from './line-sink.ts';
import { written } from './samples.test.fixture.ts';

test('a counter is one sample, and nothing when it is 0', () => {
  const { arrived, samples } = written((sink) => {
    sink.counter('http_reqs', 7, { name: 'GET /' });
    sink.counter('data_sent', 0, {});
  });
  expect(arrived).toEqual([{ name: 'http_reqs', type: 'c', value: 7, weight: 1, tags: { name: 'GET /' } }]);
  expect(samples).toBe(1);
});

test('a rate is its ones and its zeros, as far as there are some', () => {
  const { arrived, samples } = written((sink) => {
    sink.rate('checks', 3, 97, {});
    sink.rate('checks', 0, 1, { check: 'a' });
    sink.rate('checks', 0, 0, { check: 'b' });
  });
  expect(arrived.map(({ value, weight }) => [value, weight])).toEqual([
    [1, 3],
    [0, 97],
    [0, 1],
  ]);
  expect(samples).toBe(101);
});

test('a trend is a weighted timing for each of its buckets, and the window is empty then', () => {
  const window = new SampleWindow();
  for (const value of [1, 1, 1, 1, 50]) window.record(value);
  const { arrived, samples } = written((sink) => {
    sink.trend('step', window, { phase: 'steady' });
    sink.trend('step', window, { phase: 'steady' });
  });
  expect(arrived).toEqual([
    { name: 'step', type: 'ms', value: 1, weight: 4, tags: { phase: 'steady' } },
    { name: 'step', type: 'ms', value: 50, weight: 1, tags: { phase: 'steady' } },
  ]);
  expect(samples).toBe(5);
});

test('a gauge is one sample for each line that it takes', () => {
  const { arrived, samples } = written((sink) => {
    sink.gauge('node_cpu', 0.5, {});
    sink.gauge('queue', -3, {});
  });
  expect(arrived.map(({ value }) => value)).toEqual([0.5, 0, -3]);
  expect(samples).toBe(3);
});

test('what was taken is not given again', () => {
  const sink = new LineSink();
  sink.counter('a', 1, {});
  const [first, second] = [sink.take(), sink.take()];
  expect([[...first.lines], first.samples]).toEqual([['a:1|c'], 1]);
  expect([[...second.lines], second.samples]).toEqual([[], 0]);
});
