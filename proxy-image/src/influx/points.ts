import { Point } from '@influxdata/influxdb-client';
import type { Histogram, Series, Tags } from '@loads/core';

/** Upper bounds of the coarse buckets for heat maps, in ms: ten to the decade from 0.1 ms to 10 s. */
export const HEAT_MAP_BOUNDS: readonly number[] = Array.from({ length: 51 }, (_, i) =>
  Number((10 ** (i / 10 - 1)).toPrecision(3)),
);

/**
 * The points of one window of a series at `atMs` (epoch): one measurement for the metric, and for a trend the non-empty
 * buckets in `<metric>_bucket`, each with its own samples (not cumulative) under its upper bound `le`.
 */
export function pointsOf({ metric, tags, aggregate }: Series, common: Tags, atMs: number): readonly Point[] {
  const all = { ...tags, ...common };
  const point = pointWith(metric, all, atMs);
  switch (aggregate.kind) {
    case 'counter':
      return [point.floatField('sum', aggregate.sum)];
    case 'rate':
      return [point.floatField('count', aggregate.count).floatField('sum', aggregate.sum)];
    case 'gauge':
      return [
        point.floatField('value', aggregate.last).floatField('min', aggregate.min).floatField('max', aggregate.max),
      ];
    case 'set':
      return [point.floatField('count', aggregate.members.size)];
    case 'trend':
      return [trendFields(point, aggregate.histogram), ...bucketPoints(metric, aggregate.histogram, all, atMs)];
  }
}

function trendFields(point: Point, histogram: Histogram): Point {
  point.floatField('count', histogram.count).floatField('sum', histogram.sum);
  const fields = { min: 0, p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, max: 1 };
  for (const [field, quantile] of Object.entries(fields)) point.floatField(field, histogram.quantile(quantile) ?? 0);
  return point;
}

function bucketPoints(metric: string, histogram: Histogram, tags: Tags, atMs: number): readonly Point[] {
  const points: Point[] = [];
  let below = 0;
  for (const bound of [...HEAT_MAP_BOUNDS, Number.POSITIVE_INFINITY]) {
    const upTo = histogram.countAtMost(bound);
    if (upTo > below) {
      const le = Number.isFinite(bound) ? String(bound) : 'inf';
      points.push(pointWith(`${metric}_bucket`, { ...tags, le }, atMs).floatField('count', upTo - below));
    }
    below = upTo;
  }
  return points;
}

function pointWith(measurement: string, tags: Tags, atMs: number): Point {
  const point = new Point(measurement).timestamp(atMs);
  for (const [tag, value] of Object.entries(tags)) if (value !== '') point.tag(tag, value);
  return point;
}
