import type { Histogram } from '../histogram/histogram.ts';
import { ELAPSED_FIELD } from './cumulative-points.ts';
import type { DataPoint } from './data-point.ts';
import { bucketMeasurement, HEAT_MAP_BOUNDS, LE, MEASUREMENTS, METRIC_FIELDS, TAGS } from './schema.ts';
import type { Series, Tags } from './series.ts';

/**
 * The points of one window of a series that ended at `atMs` (epoch), under the `common` tags: one for the metric, and for a
 * trend one for each non-empty bucket in `<metric>_bucket`, each with its own samples (not cumulative) under its upper
 * bound `le`.
 */
export function metricPoints({ metric, tags, aggregate }: Series, common: Tags, atMs: number): readonly DataPoint[] {
  const all = { ...ownTags(tags), ...common };
  const measurement = RESERVED_MEASUREMENTS.has(metric) ? `metric_${metric}` : metric;
  const point = (fields: DataPoint['fields']): DataPoint => ({ measurement, tags: all, fields, atMs });
  switch (aggregate.kind) {
    case 'counter':
      return [point({ sum: aggregate.sum })];
    case 'rate':
      return [point({ count: aggregate.count, sum: aggregate.sum })];
    case 'gauge':
      return [point({ value: aggregate.last, min: aggregate.min, max: aggregate.max })];
    case 'set':
      return [point({ count: aggregate.members.size })];
    case 'trend': {
      const buckets = bucketPoints(bucketMeasurement(measurement), aggregate.histogram, all, atMs);
      return [point(trendFields(aggregate.histogram)), ...buckets];
    }
  }
}

/** Names that a tag of a sample must not take: those of the tags that are added, of fields, and what InfluxDB keeps for itself. */
const RESERVED_TAGS: ReadonlySet<string> = new Set([
  ...[TAGS.run, TAGS.node, TAGS.le, ELAPSED_FIELD, 'time', '_field', '_measurement'],
  ...Object.values(METRIC_FIELDS).flat(),
]);
const RESERVED_MEASUREMENTS: ReadonlySet<string> = new Set(Object.values(MEASUREMENTS));

/** The tags of a sample, under other names where it may not have them: else two series could become one. */
function ownTags(tags: Tags): Tags {
  const renamed: Record<string, string> = {};
  for (const [tag, value] of Object.entries(tags)) renamed[RESERVED_TAGS.has(tag) ? `tag_${tag}` : tag] = value;
  return renamed;
}

function trendFields(histogram: Histogram): DataPoint['fields'] {
  const { count, sum, min, max } = histogram;
  const at = (quantile: number): number | undefined => histogram.quantile(quantile);
  return { count, sum, min, max, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}

function bucketPoints(measurement: string, histogram: Histogram, tags: Tags, atMs: number): readonly DataPoint[] {
  const points: DataPoint[] = [];
  let below = 0;
  for (const [i, le] of LE.entries()) {
    const upTo = histogram.countAtMost(HEAT_MAP_BOUNDS[i] ?? Number.POSITIVE_INFINITY);
    if (upTo > below) points.push({ measurement, tags: { ...tags, le }, fields: { count: upTo - below }, atMs });
    below = upTo;
    if (below >= histogram.count) break;
  }
  return points;
}
