import type { Aggregate } from '../metrics/aggregate.ts';

/** The distribution of a trend, in the metric's unit (ms for latencies). */
export type TrendStats = {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
};

/** The figures that a summary shows of a trend; undefined when it has no samples. */
export function trendStats(aggregate: Aggregate | undefined): TrendStats | undefined {
  if (aggregate?.kind !== 'trend' || aggregate.histogram.count === 0) return undefined;
  const { histogram } = aggregate;
  const at = (quantile: number): number => histogram.quantile(quantile) ?? 0;
  return {
    count: histogram.count,
    min: at(0),
    mean: histogram.mean ?? 0,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: at(1),
  };
}
