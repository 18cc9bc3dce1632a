import type { Aggregate } from '../metrics/aggregate.ts';
import { PROTOCOL_METRICS } from '../metrics/protocol-metrics.ts';
import { type Series, SeriesMerge } from '../metrics/series.ts';
import { METRICS } from '../metrics/vocabulary.ts';
import { HOST_METRICS, hostSelector, isOfHost } from '../monitor/host-metrics.ts';
import { measure } from '../thresholds/evaluate.ts';
import type { CustomRow } from './summary.ts';
import { trendStats } from './trend-stats.ts';

/** One row for each metric, and of watched hosts for each metric of each host. */
export function customRows(series: readonly Series[], durationMs: number): readonly CustomRow[] {
  const merge = new SeriesMerge();
  for (const one of series) {
    if (!hasNoOtherRow(one.metric)) continue;
    const metric = isOfHost(one) ? hostSelector(one) : one.metric;
    merge.add([{ metric, tags: {}, aggregate: one.aggregate }]);
  }
  const rows = [...merge.series].sort((a, b) => (a.metric < b.metric ? -1 : 1));
  return rows.map(({ metric, aggregate }): CustomRow => {
    const { kind } = aggregate;
    if (kind === 'trend') return { metric, kind, trend: trendStats(aggregate) };
    const range = rangeOf(aggregate);
    const name = kind === 'gauge' ? 'value' : kind === 'rate' ? 'rate' : 'count';
    const value = measure(aggregate, { name }, durationMs);
    const rate = kind === 'counter' ? measure(aggregate, { name: 'rate' }, durationMs) : undefined;
    return { metric, kind, value, rate, ...(range && { range }) };
  });
}

function rangeOf(gauge: Aggregate): CustomRow['range'] {
  if (gauge.kind !== 'gauge' || gauge.count === 0) return undefined;
  return { min: gauge.min, avg: gauge.sum / gauge.count, max: gauge.max };
}

function hasNoOtherRow(metric: string): boolean {
  return [PROTOCOL_METRICS, HOST_METRICS].some((own) => Object.hasOwn(own, metric)) || !Object.hasOwn(METRICS, metric);
}
