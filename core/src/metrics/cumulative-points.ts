import type { DataPoint } from './data-point.ts';
import { REQUEST_METRICS } from './request-metrics.ts';
import { ALL, HEAT_MAP_BOUNDS, LE, TAGS } from './schema.ts';
import { mergeSeries, type Series, type Tags } from './series.ts';

/** The trends whose cumulative buckets are stored: what the merged percentiles over time are computed from. */
export const CUMULATIVE_METRICS: ReadonlySet<string> = new Set(REQUEST_METRICS.map(({ duration }) => duration));

/** Fields of `<metric>_cumulative`, floats. */
export const CUMULATIVE_FIELDS = { atMost: 'at_most', total: 'total', bound: 'bound' } as const;

/** Field of every metric's points: seconds since the start of the run, so that two runs can share one axis. */
export const ELAPSED_FIELD = 'elapsed';

/** What stands in `bound` for the bucket `+Inf`: the bound that would be next. */
export const BEYOND_BOUNDS = 12_600;

/** The measurement with the cumulative buckets of a trend. */
export function cumulativeMeasurement(metric: string): string {
  return `${metric}_cumulative`;
}

/** Whether cumulative buckets are kept for each request name, or for all together, which is ten times less to read. */
export type CumulativeOver = 'names' | 'all';

/**
 * The last instant up to `elapsedMs` (since the start of the run) at which cumulative buckets are stored, likewise. The
 * longer a run takes, the further they are apart: a database reads all of them for each percentile.
 */
export function cumulativeInstant(over: CumulativeOver, elapsedMs: number): number {
  const stepMs = STEPS_MS.find(({ untilMs }) => elapsedMs < untilMs)?.[over] ?? 0;
  return Math.floor(elapsedMs / stepMs) * stepMs;
}

const STEPS_MS: readonly ({ readonly untilMs: number } & Readonly<Record<CumulativeOver, number>>)[] = [
  { untilMs: 600_000, all: 5000, names: 30_000 },
  { untilMs: 3_600_000, all: 30_000, names: 30_000 },
  { untilMs: Number.POSITIVE_INFINITY, all: 60_000, names: 60_000 },
];

/**
 * The latencies among some series, merged over all but metric, scenario, phase and name (or all names, as `(all)`). What comes out
 * can go in again with further ones.
 */
export function cumulativeSeries(over: CumulativeOver, series: readonly Series[]): readonly Series[] {
  const latencies = series.filter(({ metric }) => CUMULATIVE_METRICS.has(metric));
  return mergeSeries([latencies.map((one) => ({ ...one, tags: keptTags(over, one.tags) }))]);
}

/**
 * The points of `<metric>_cumulative` for the samples of one step, at `atMs` (epoch): for each series **all** the bounds,
 * with how many samples are at most that bound and how many there are at all. Since no bound is left out, points of any
 * series, nodes and steps add up, and the smallest bound with `sum(at_most) / sum(total) >= 0.95` is their true p95, up
 * to the width of the bucket (26 %).
 */
export function cumulativePoints(series: readonly Series[], common: Tags, atMs: number): readonly DataPoint[] {
  return series.flatMap(({ metric, tags, aggregate }) => {
    if (aggregate.kind !== 'trend') return [];
    const { histogram } = aggregate;
    return LE.map((le, i): DataPoint => {
      const bound = HEAT_MAP_BOUNDS[i];
      return {
        measurement: cumulativeMeasurement(metric),
        tags: { ...tags, ...common, [TAGS.le]: le },
        fields: {
          [CUMULATIVE_FIELDS.atMost]: histogram.countAtMost(bound ?? Number.POSITIVE_INFINITY),
          [CUMULATIVE_FIELDS.total]: histogram.count,
          [CUMULATIVE_FIELDS.bound]: bound ?? BEYOND_BOUNDS,
        },
        atMs,
      };
    });
  });
}

function keptTags(over: CumulativeOver, { scenario = '', phase = '', name = '' }: Tags): Tags {
  return { [TAGS.scenario]: scenario, [TAGS.phase]: phase, [TAGS.name]: over === 'all' ? ALL : name };
}
