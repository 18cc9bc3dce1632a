import type { Aggregate } from '../metrics/aggregate.ts';
import { type Series, select, type Tags } from '../metrics/series.ts';
import type { Aggregation, Measured, Operator, Threshold } from './threshold.ts';

/** What became of a threshold. `actual` is undefined when there was nothing to measure, and `reason` then says why. */
export type ThresholdResult = {
  readonly metric: string;
  readonly expression: string;
  readonly ok: boolean;
  readonly actual?: number | undefined;
  /** What `actual` was compared with, where the threshold itself does not say it as a number. */
  readonly limit?: number | undefined;
  readonly reason?: string | undefined;
};

/** The samples that thresholds look at. */
export type RunSamples = {
  /** All series among which those with these tags are. */
  series(tags: Tags): readonly Series[];
  /** For how long samples with these tags were taken, ms. */
  durationMs(tags: Tags): number;
  /** Why there is no number to judge, although there are samples. */
  obstacle?(metric: string, tags: Tags): string | undefined;
};

/** Judges a threshold over the merged samples of all nodes. A threshold on a series without samples fails. */
export function evaluate(threshold: Threshold, samples: RunSamples): ThresholdResult {
  const { selector: metric, expression, operator, limit: factor, relativeTo } = threshold;
  const found = measureIn(samples, threshold.metric, threshold);
  if (typeof found === 'string') return { metric, expression, ok: false, reason: found };
  if (!relativeTo) return { metric, expression, ok: HOLDS[operator](found, factor), actual: found };
  const other = measureIn(samples, threshold.metric, relativeTo);
  if (typeof other === 'string') {
    const tags = Object.entries(relativeTo.tags).map(([tag, value]) => `${tag}:${value}`);
    return { metric, expression, ok: false, actual: found, reason: `${other} to compare with, in {${tags.join(',')}}` };
  }
  const limit = factor * other;
  return { metric, expression, ok: HOLDS[operator](found, limit), actual: found, limit };
}

/** A number of a run, or why there is none. */
function measureIn(samples: RunSamples, metric: string, { aggregation, tags }: Measured): number | string {
  const obstacle = samples.obstacle?.(metric, tags);
  if (obstacle !== undefined) return obstacle;
  const aggregate = select(samples.series(tags), metric, tags);
  if (!aggregate || samplesOf(aggregate) === 0) return 'no samples';
  const name = aggregation.name === 'p' ? 'p(N)' : aggregation.name;
  return (
    measure(aggregate, aggregation, samples.durationMs(tags)) ?? `${metric} is a ${aggregate.kind} and has no ${name}`
  );
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
