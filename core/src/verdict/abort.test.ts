import { expect, test } from 'vitest';
import { seriesOf } from '../metrics/samples.test.fixture.ts';
import { planOf } from '../plan/plan.test.fixture.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { NodeSeries } from '../thresholds/run-samples.ts';
import { parseThreshold } from '../thresholds/threshold.ts';
import { abortMetrics, abortOf } from './abort.ts';

/** A node with so many requests, of which so many failed. */
function node(number: number, failed: number, ok: number): NodeSeries {
  const sample = { metric: 'http_req_failed', type: 'h' as const, tags: {} };
  const series = seriesOf([
    { ...sample, value: 1, weight: failed },
    { ...sample, value: 0, weight: ok },
  ]);
  return { node: number, series };
}

function planWith(expression: string, change: object = { abortOnFail: true }): RunPlan {
  return planOf({ thresholds: [{ ...parseThreshold('http_req_failed', expression), ...change }] });
}

test('a threshold ends the run when it does not hold over all nodes together', () => {
  const plan = planWith('rate<0.1');
  expect(abortOf(plan, [node(1, 5, 5), node(2, 1, 89)], 3000)).toBeUndefined();
  expect(abortOf(plan, [node(1, 5, 5), node(2, 5, 85)], 3000)).toEqual({
    ...{ metric: 'http_req_failed', expression: 'rate<0.1', ok: false, actual: 0.1, atMs: 3000 },
  });
});

test('one without `abortOnFail`, one that is delayed, and one without samples end no run', () => {
  const failing = [node(1, 9, 1)];
  expect(abortOf(planWith('rate<0.1', {}), failing, 3000)).toBeUndefined();
  const delayed = planWith('rate<0.1', { abortOnFail: true, delayAbortEvalMs: 5000 });
  expect([abortOf(delayed, failing, 4999), abortOf(delayed, failing, 5000)?.atMs]).toEqual([undefined, 5000]);
  expect(abortOf(planWith('rate<0.1'), [{ node: 1, series: [] }], 3000)).toBeUndefined();
  expect(abortOf(planWith('rate{phase:chaos} < 2 * rate'), failing, 3000)).toBeUndefined();
});

test('a node shows the metrics that may end the run, and no others', () => {
  const plan = planOf({
    thresholds: [
      parseThreshold('http_reqs', 'count>1'),
      { ...parseThreshold('http_req_duration{phase:steady}', 'max<9'), abortOnFail: true },
    ],
  });
  expect([...abortMetrics(plan)]).toEqual(['http_req_duration']);
});
