import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from '../histogram/histogram.ts';
import { emptyAggregate, observe } from './aggregate.ts';
import type { DataPoint } from './data-point.ts';
import type { Series, Tags } from './series.ts';
import { type SummarySource, summaryPoints } from './summary-points.ts';

const START_MS = 1_750_000_000_000;

function seriesOf(metric: string, kind: Series['aggregate']['kind'], tags: Tags, ...values: number[]): Series {
  const aggregate = emptyAggregate(kind);
  for (const value of values) observe(aggregate, { value, weight: 1, text: String(value) }, START_MS);
  return { metric, tags, aggregate };
}

function pointsOf(series: readonly Series[], change: Partial<SummarySource> = {}): readonly DataPoint[] {
  const phases = { steady: 8000, chaos: 2000 };
  return summaryPoints({ run: 'r1', startMs: START_MS, durationMs: 10_000, phases, series, ...change });
}

/** The fields of the one point with these tags. */
function row(points: readonly DataPoint[], tags: Tags): DataPoint['fields'] | undefined {
  const found = points.filter((point) => Object.entries(tags).every(([tag, value]) => point.tags[tag] === value));
  expect(found.length).toBeLessThan(2);
  return found[0]?.fields;
}

test('a metric has a row for each phase and value of its tag, and over all', () => {
  const points = pointsOf([
    seriesOf('http_reqs', 'counter', { name: 'list', phase: 'steady', status: '200' }, 6),
    seriesOf('http_reqs', 'counter', { name: 'list', phase: 'steady', status: '503' }, 2),
    seriesOf('http_reqs', 'counter', { name: 'list', phase: 'chaos', status: '200' }, 1),
    seriesOf('http_reqs', 'counter', { name: 'buy', phase: 'chaos', status: '200' }, 3),
  ]);
  expect(points).toHaveLength(8);
  expect(row(points, { name: 'list', phase: 'steady' })).toEqual({ sum: 8, rate: 1 });
  expect(row(points, { name: 'list', phase: '(all)' })).toEqual({ sum: 9, rate: 0.9 });
  expect(row(points, { name: '(all)', phase: 'chaos' })).toEqual({ sum: 4, rate: 2 });
  expect(row(points, { name: '(all)', phase: '(all)' })).toEqual({ sum: 12, rate: 1.2 });
  for (const { measurement, atMs, tags } of points) {
    expect([measurement, atMs, tags.run, tags.metric]).toEqual(['run_summary', START_MS, 'r1', 'http_reqs']);
  }
});

test('each kind has its figures', () => {
  const tags = { phase: 'steady' };
  const points = pointsOf([
    seriesOf('checks', 'rate', { ...tags, check: 'ok' }, 1, 1, 1, 0),
    seriesOf('node_cpu', 'gauge', tags, 0.5, 1, 0.75),
    seriesOf('users', 'set', tags, 1, 2, 2),
    seriesOf('iteration_duration', 'trend', { ...tags, scenario: 'buy' }, 1, 2, 3, 4),
  ]);
  expect(row(points, { metric: 'checks', check: 'ok', phase: 'steady' })).toEqual({ count: 4, sum: 3, ratio: 0.75 });
  expect(row(points, { metric: 'node_cpu', phase: 'steady' })).toEqual({ value: 0.75, min: 0.5, max: 1, mean: 0.75 });
  expect(row(points, { metric: 'users', phase: '(all)' })).toEqual({ count: 2 });
  expect(row(points, { metric: 'iteration_duration', scenario: 'buy', phase: 'steady' })).toMatchObject({
    ...{ count: 4, sum: 10, min: 1, max: 4, mean: 2.5, rate: 0.5 },
  });
});

test('a phase that took no time has no rate', () => {
  const points = pointsOf([seriesOf('orders', 'counter', { phase: 'teardown' }, 1)], { durationMs: 0 });
  for (const { fields } of points) expect(fields).toEqual({ sum: 1, rate: undefined });
});

test('percentiles over several series are those of all their samples', () => {
  const value = fc.double({ min: 0.01, max: 1e5, noNaN: true });
  const parts = fc.array(fc.record({ name: fc.constantFrom('a', 'b'), values: fc.array(value, { minLength: 1 }) }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(parts, (made) => {
      const whole = new Histogram();
      for (const one of made.flatMap(({ values }) => values)) whole.record(one);
      const series = made.map(({ name, values }, i) =>
        seriesOf('http_req_duration', 'trend', { name, phase: i % 2 ? 'chaos' : 'steady' }, ...values),
      );
      const fields = row(pointsOf(series), { name: '(all)', phase: '(all)' });
      const at = (quantile: number): number | undefined => whole.quantile(quantile);
      expect(fields).toMatchObject({ count: whole.count, p50: at(0.5), p95: at(0.95), p999: at(0.999), max: at(1) });
    }),
  );
});
