import { expect, test } from 'vitest';
import { LoadsError } from '../errors/loads-error.ts';
import { emptyAggregate, observe } from '../metrics/aggregate.ts';
import type { Series } from '../metrics/series.ts';
import { kindOf, type StatsdType } from '../metrics/vocabulary.ts';
import { evaluate, type RunSamples } from './evaluate.ts';
import { parseThreshold } from './threshold.ts';

test.each([
  ['http_req_duration', 'p(95)<300', { aggregation: { name: 'p', percentile: 95 }, operator: '<', limit: 300 }],
  ['http_req_duration', 'p(99.9) <= 1s', { aggregation: { name: 'p', percentile: 99.9 }, operator: '<=', limit: 1000 }],
  ['http_req_failed', 'rate < 0.01', { aggregation: { name: 'rate' }, operator: '<', limit: 0.01 }],
  ['http_reqs', 'count>100', { aggregation: { name: 'count' }, operator: '>', limit: 100 }],
  ['iterations', 'count===5', { operator: '==', limit: 5 }],
  ['my_metric', 'value!=-3', { operator: '!=', limit: -3 }],
])('%s: %s is read as in k6', (metric, expression, expected) => {
  expect(parseThreshold(metric, expression)).toMatchObject({ metric, ...expected });
});

test.each([
  ['p(95){phase:chaos} < 3 * p(95){phase:steady}', { phase: 'chaos' }, 3, { phase: 'steady' }],
  ['p(95){phase:chaos}<p(95){phase:steady}*1.5', { phase: 'chaos' }, 1.5, { phase: 'steady' }],
  ['max{fault:a} <= 2*med', { fault: 'a' }, 2, {}],
])('%s compares two parts of a run', (expression, tags, limit, others) => {
  const scenario = { scenario: 'buy' };
  expect(parseThreshold('http_req_duration{scenario:buy}', expression)).toMatchObject({
    ...{ tags: { ...scenario, ...tags }, limit },
    relativeTo: { tags: { ...scenario, ...others } },
  });
});

test('a part of a run is compared with another part, if both have samples', () => {
  const result = (expression: string): ReturnType<typeof evaluate> =>
    evaluate(parseThreshold('http_req_duration', expression), SAMPLES);
  expect(result('max{phase:chaos} <= 15 * max{phase:steady}')).toMatchObject({ ok: true, actual: 300, limit: 300 });
  expect(result('max{phase:chaos} < 15 * max{phase:steady}')).toMatchObject({ ok: false, actual: 300, limit: 300 });
  expect(result('max{phase:chaos} < 2 * max{phase:recovery}')).toMatchObject({
    ...{ ok: false, actual: 300, reason: 'no samples to compare with, in {phase:recovery}' },
  });
});

test('a selector names tags, whose values may hold colons and spaces', () => {
  expect(parseThreshold('http_req_duration{ phase:steady, name:GET /items/:id }', 'avg<1')).toMatchObject({
    metric: 'http_req_duration',
    tags: { phase: 'steady', name: 'GET /items/:id' },
  });
});

test.each([
  ['http_req_duration', 'p(95)'],
  ['http_req_duration', 'p(101)<1'],
  ['http_req_duration', 'rate<1'],
  ['http_req_failed', 'p(95)<1'],
  ['http_reqs', 'mean>1'],
  ['http_reqs{phase}', 'count>1'],
  ['http reqs', 'count>1'],
  ['http_req_duration', 'p(95) < 3 * rate'],
  ['http_req_duration', 'p(95) < 3 * p(95) * 2'],
  ['http_req_duration', 'p(95) < fast'],
])('%s: %s is refused with a hint', (metric, expression) => {
  expect(() => parseThreshold(metric, expression)).toThrow(LoadsError);
});

test.each<[string, string, boolean, number | undefined]>([
  ['http_req_duration{phase:steady}', 'max<=20', true, 20],
  ['http_req_duration', 'max<=20', false, 300],
  ['http_req_duration{fault:b}', 'min>=300', true, 300],
  ['http_req_duration{phase:recovery}', 'max<1000000', false, undefined],
  ['http_req_failed', 'rate<0.5', true, 0.25],
  ['http_reqs', 'rate>=2', true, 2],
  ['http_reqs', 'count<4', false, 4],
])('%s %s: %s, measured %s', (metric, expression, ok, actual) => {
  const result = evaluate(parseThreshold(metric, expression), SAMPLES);
  expect(result).toMatchObject({ ok });
  expect(result.actual).toBe(actual);
  if (actual === undefined) expect(result.reason).toBe('no samples');
});

function series(metric: string, type: StatsdType, tags: Record<string, string>, values: number[]): Series {
  const aggregate = emptyAggregate(kindOf(metric, type));
  for (const value of values) observe(aggregate, { value, weight: 1 }, 0);
  return { metric, tags, aggregate };
}

const SERIES: readonly Series[] = [
  series('http_req_duration', 'ms', { phase: 'steady' }, [10, 20]),
  series('http_req_duration', 'ms', { phase: 'chaos', fault: 'a+b' }, [300]),
  series('http_req_failed', 'h', { phase: 'steady' }, [0, 0]),
  series('http_req_failed', 'h', { phase: 'chaos' }, [0, 1]),
  series('http_reqs', 'c', {}, [4]),
];

const SAMPLES: RunSamples = { series: () => SERIES, durationMs: () => 2000 };
