import type { Aggregate } from '../metrics/aggregate.ts';
import { type Series, select } from '../metrics/series.ts';
import type { Aggregation, Operator, Threshold } from './threshold.ts';

/** What became of a threshold. `actual` is undefined when there was nothing to measure, and `reason` then says why. */
export type ThresholdResult = {
  readonly metric: string;
  readonly expression: string;
  readonly ok: boolean;
  readonly actual?: number | undefined;
  readonly reason?: string | undefined;
};

/** Judges a threshold over the merged series of all nodes. A threshold on a series without samples fails. */
export function evaluate(threshold: Threshold, series: readonly Series[], durationMs: number): ThresholdResult {
  const { selector: metric, expression } = threshold;
  const aggregate = select(series, threshold.metric, threshold.tags);
  if (!aggregate || samplesOf(aggregate) === 0) return { metric, expression, ok: false, reason: 'no samples' };
  const actual = measure(aggregate, threshold.aggregation, durationMs);
  if (actual === undefined) {
    const name = threshold.aggregation.name === 'p' ? 'p(N)' : threshold.aggregation.name;
    return { metric, expression, ok: false, reason: `${threshold.metric} is a ${aggregate.kind} and has no ${name}` };
  }
  return { metric, expression, ok: HOLDS[threshold.operator](actual, threshold.limit), actual };
}

/** One number out of an aggregate; undefined when its kind does not have that aggregation. Rates of counters are per second. */
export function measure(aggregate: Aggregate, aggregation: Aggregation, durationMs: number): number | undefined {
  const { name } = aggregation;
  switch (aggregate.kind) {
    case 'counter':
      if (name === 'count') return aggregate.sum;
      if (name !== 'rate') return undefined;
      return durationMs > 0 ? aggregate.sum / (durationMs / 1000) : 0;
    case 'rate':
      if (name === 'count') return aggregate.count;
      return name === 'rate' ? aggregate.sum / aggregate.count : undefined;
    case 'gauge':
      if (name === 'value') return aggregate.last;
      if (name === 'avg') return aggregate.sum / aggregate.count;
      return name === 'min' || name === 'max' ? aggregate[name] : undefined;
    case 'set':
      return name === 'count' ? aggregate.members.size : undefined;
    case 'trend': {
      const { histogram } = aggregate;
      if (name === 'p') return histogram.quantile(aggregation.percentile / 100);
      if (name === 'med') return histogram.quantile(0.5);
      if (name === 'avg') return histogram.mean;
      return name === 'count' || name === 'min' || name === 'max' ? histogram[name] : undefined;
    }
  }
}

const HOLDS: Readonly<Record<Operator, (actual: number, limit: number) => boolean>> = {
  '<': (actual, limit) => actual < limit,
  '<=': (actual, limit) => actual <= limit,
  '>': (actual, limit) => actual > limit,
  '>=': (actual, limit) => actual >= limit,
  '==': (actual, limit) => actual === limit,
  '!=': (actual, limit) => actual !== limit,
};

function samplesOf(aggregate: Aggregate): number {
  switch (aggregate.kind) {
    case 'trend':
      return aggregate.histogram.count;
    case 'counter':
      // A counter that exists has been counted, even when it stands at 0.
      return 1;
    case 'set':
      return aggregate.members.size;
    default:
      return aggregate.count;
  }
}
