import { expect, test } from 'vitest';
import { seriesOf } from '../metrics/samples.test.fixture.ts';
import { evaluate, type RunSamples } from './evaluate.ts';
import { parseThreshold } from './threshold.ts';

const SERIES = seriesOf([
  { metric: 'orders', type: 'c', tags: { kind: 'new' }, value: 30, weight: 1 },
  { metric: 'orders', type: 'c', tags: { kind: 'old' }, value: 10, weight: 1 },
  { metric: 'none', type: 'c', tags: {}, value: 0, weight: 1 },
  { metric: 'checks', type: 'h', tags: {}, value: 1, weight: 3 },
  { metric: 'checks', type: 'h', tags: {}, value: 0, weight: 1 },
  { metric: 'step', type: 'ms', tags: {}, value: 10, weight: 9 },
  { metric: 'step', type: 'ms', tags: {}, value: 110, weight: 1 },
  { metric: 'queue', type: 'g', tags: {}, value: 8, weight: 1 },
  { metric: 'queue', type: 'g', tags: {}, value: 4, weight: 1 },
  { metric: 'visitors', type: 's', tags: {}, value: 1, weight: 1, text: 'ann' },
]);
const SAMPLES: RunSamples = { series: () => SERIES, durationMs: () => 20_000 };

test.each([
  ['orders', 'count==40', 40],
  ['orders', 'rate==2', 2],
  ['orders{kind:new}', 'count<=30', 30],
  ['none', 'count<1', 0],
  ['checks', 'rate>=0.75', 0.75],
  ['checks', 'count>3', 4],
  ['step', 'avg==20', 20],
  ['step', 'min==10', 10],
  ['step', 'max==110', 110],
  ['step', 'p(100)<111ms', 110],
  ['step', 'count!=9', 10],
  ['queue', 'value==4', 4],
  ['queue', 'avg==6', 6],
  ['queue', 'max==8', 8],
  ['visitors', 'count==1', 1],
])('%s: %s holds at %d', (selector, expression, actual) => {
  const held = evaluate(parseThreshold(selector, expression), SAMPLES);
  expect(held).toEqual({ metric: selector, expression, ok: true, actual });
});

test.each([
  ['orders', 'count<40', { actual: 40 }],
  ['orders', 'count>40', { actual: 40 }],
  ['orders', 'count!=40', { actual: 40 }],
  ['orders{kind:gone}', 'count<1', { reason: 'no samples' }],
  ['gone', 'count<1', { reason: 'no samples' }],
  ['orders', 'p(95)<1', { reason: 'orders is a counter and has no p(N)' }],
  ['visitors', 'max<1', { reason: 'visitors is a set and has no max' }],
])('%s: %s does not hold', (selector, expression, found) => {
  const crossed = evaluate(parseThreshold(selector, expression), SAMPLES);
  expect(crossed).toEqual({ metric: selector, expression, ok: false, ...found });
});

test('the median and a percentile are those of the histogram, to the bucket', () => {
  expect(evaluate(parseThreshold('step', 'med<10.1'), SAMPLES).ok).toBe(true);
  expect(evaluate(parseThreshold('step', 'p(90)<10.1'), SAMPLES).ok).toBe(true);
  expect(evaluate(parseThreshold('step', 'p(91)<10.1'), SAMPLES)).toMatchObject({ ok: false, actual: 110 });
});
