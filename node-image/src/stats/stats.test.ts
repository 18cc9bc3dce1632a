import { expect, test } from 'vitest';
import { Recorder } from '../recording/recorder.ts';
import { written } from '../recording/samples.test.fixture.ts';
import type { Stats } from './stats.ts';

function standing(): { stats: Stats; lines: () => readonly string[] } {
  const recorder = new Recorder(() => ({ phase: 'chaos', fault: 'slow' }));
  return {
    stats: recorder.custom.for(() => 'buy'),
    lines: () =>
      written((sink) => recorder.flush(sink)).arrived.map(({ name, type, value, weight, tags }) => {
        const { scenario, phase, fault, ...own } = tags;
        expect([scenario, phase, fault]).toEqual(['buy', 'chaos', 'slow']);
        return `${name} ${type} ${value} x${weight} ${JSON.stringify(own)}`;
      }),
  };
}

test('what is measured is sent as one counter, weighted timings and the last value', () => {
  const { stats, lines } = standing();
  stats.increment('orders');
  stats.increment('orders', 4);
  stats.increment('orders', 2, { kind: 'gift' });
  for (const ms of [10, 10, 20]) stats.timing('checkout', ms);
  stats.gauge('queue', 7);
  stats.gauge('queue', -3);
  expect(lines()).toEqual([
    'orders c 5 x1 {}',
    'orders c 2 x1 {"kind":"gift"}',
    'checkout ms 10 x2 {}',
    'checkout ms 20 x1 {}',
    'queue g 0 x1 {}',
    'queue g -3 x1 {}',
  ]);
  expect(lines()).toEqual([]);
});

test.each<[string, (stats: Stats) => void, RegExp]>([
  ['a name of Loads', (stats) => stats.increment('http_reqs'), /^http_reqs is a metric of Loads: choose another name$/],
  ['no name', (stats) => stats.gauge('', 1), /^a metric needs a name$/],
  ['a value below 0', (stats) => stats.timing('a', -1), /^a is a trend and takes numbers of 0 or more, not -1$/],
  ['no number', (stats) => stats.timing('a', Number.NaN), /not NaN$/],
  [
    'an infinite number',
    (stats) => stats.gauge('a', Number.POSITIVE_INFINITY),
    /^a takes finite numbers, not Infinity$/,
  ],
  [
    'two kinds for one name',
    (stats) => {
      stats.increment('a');
      stats.timing('a', 1);
    },
    /^a is a counter already, and cannot be a trend$/,
  ],
])('%s is refused', (_, measure, message) => {
  const { stats } = standing();
  expect(() => measure(stats)).toThrow(message);
});

test('names and tags beyond the limits are measured together, and nothing is left out', () => {
  const { stats, lines } = standing();
  for (let i = 0; i < 1500; i++) stats.increment('orders', 1, { id: String(i) });
  const orders = lines();
  expect(orders).toHaveLength(1001);
  expect(orders.at(-1)).toBe('orders c 500 x1 {}');
  for (let i = 0; i < 250; i++) stats.increment(`order_${i}`);
  const names = lines();
  // With `orders` there are 200.
  expect(names).toHaveLength(200);
  expect(names.at(-1)).toBe('(other) counter c 51 x1 {}');
});
