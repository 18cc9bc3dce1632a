import { type Aggregate, emptyAggregate, mergeInto } from '../metrics/aggregate.ts';
import { REQUEST_METRICS, type RequestMetrics } from '../metrics/request-metrics.ts';
import { type Series, select, type Tags } from '../metrics/series.ts';

/**
 * How long the requests of protocols took, ms, among the series that carry `tags`: of those that each have one duration; how long
 * was waited on connections only where there are no others. Undefined without either.
 */
export function requestDurations(
  series: readonly Series[],
  tags: Tags = {},
  metrics: readonly RequestMetrics[] = REQUEST_METRICS,
): Aggregate | undefined {
  const durations = (each: boolean): Aggregate | undefined =>
    merged(metrics.filter(({ timedEach }) => timedEach === each).map(({ duration }) => select(series, duration, tags)));
  return durations(true) ?? durations(false);
}

function merged(trends: readonly (Aggregate | undefined)[]): Aggregate | undefined {
  const found = trends.filter((one) => one !== undefined);
  if (found.length < 2) return found[0];
  const all = emptyAggregate('trend');
  for (const one of found) mergeInto(all, one, 'requests');
  return all;
}
