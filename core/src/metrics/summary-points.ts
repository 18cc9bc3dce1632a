import type { Phase } from '../schedule/phase.ts';
import { type Aggregate, emptyAggregate, mergeInto } from './aggregate.ts';
import type { DataPoint } from './data-point.ts';
import { ALL, MEASUREMENTS, TAGS } from './schema.ts';
import type { Series } from './series.ts';

/** What the figures of a summary are computed from. Times in ms. */
export type SummarySource = {
  readonly run: string;
  /** The start instant of the run, epoch ms. */
  readonly startMs: number;
  readonly durationMs: number;
  /** How long the run was in each phase. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
  /** Those of all nodes. */
  readonly series: readonly Series[];
};

/**
 * The points of `run_summary`: for each metric, phase, and value of the tag by which the metric is split, the figures over
 * all nodes. Exact: histograms are merged. Over all phases and all values there are rows of their own, `(all)`.
 */
export function summaryPoints({ run, startMs, durationMs, phases, series }: SummarySource): readonly DataPoint[] {
  const rows = new Map<string, Row>();
  for (const { metric, tags, aggregate } of series) {
    const by = splitOf(metric);
    const values = by === undefined ? [undefined] : [tags[by] ?? '', ALL];
    for (const phase of [tags[TAGS.phase] ?? '', ALL]) {
      for (const value of values) {
        const key = `${metric}\u0000${phase}\u0000${value}`;
        const row = rows.get(key) ?? { metric, phase, by, value, aggregate: emptyAggregate(aggregate.kind) };
        rows.set(key, row);
        mergeInto(row.aggregate, aggregate, metric);
      }
    }
  }
  const spent: Readonly<Record<string, number | undefined>> = { ...phases, [ALL]: durationMs };
  return [...rows.values()].map(({ metric, phase, by, value, aggregate }) => ({
    measurement: MEASUREMENTS.summary,
    tags: {
      [TAGS.run]: run,
      [TAGS.metric]: metric,
      [TAGS.phase]: phase,
      ...(by === undefined || value === undefined ? {} : { [by]: value }),
    },
    fields: figuresOf(aggregate, spent[phase] ?? 0),
    atMs: startMs,
  }));
}

type Row = {
  readonly metric: string;
  readonly phase: string;
  readonly by: string | undefined;
  readonly value: string | undefined;
  readonly aggregate: Aggregate;
};

/** The tag that tells the rows of a metric apart. */
function splitOf(metric: string): string | undefined {
  if (/^(?:http|ws|grpc|tcp|data)_/.test(metric)) return TAGS.name;
  if (metric.startsWith('iteration')) return TAGS.scenario;
  return SPLITS[metric];
}

const SPLITS: Readonly<Record<string, string>> = {
  checks: TAGS.check,
  failures: TAGS.class,
  faults: TAGS.fault,
  dropped_iterations: TAGS.scenario,
  schedule_lag: TAGS.scenario,
};

function figuresOf(aggregate: Aggregate, ms: number): DataPoint['fields'] {
  const perSecond = (count: number): number | undefined => (ms > 0 ? count / (ms / 1000) : undefined);
  switch (aggregate.kind) {
    case 'counter':
      return { sum: aggregate.sum, rate: perSecond(aggregate.sum) };
    case 'rate': {
      const { count, sum } = aggregate;
      return { count, sum, ratio: count > 0 ? sum / count : undefined };
    }
    case 'gauge': {
      const { last, min, max, sum, count } = aggregate;
      return { value: last, min, max, mean: count > 0 ? sum / count : undefined };
    }
    case 'set':
      return { count: aggregate.members.size };
    case 'trend': {
      const { count, sum, min, max, mean } = aggregate.histogram;
      const at = (quantile: number): number | undefined => aggregate.histogram.quantile(quantile);
      const [p50, p90, p95, p99, p999] = [at(0.5), at(0.9), at(0.95), at(0.99), at(0.999)];
      return { count, sum, min, max, mean, p50, p90, p95, p99, p999, rate: perSecond(count) };
    }
  }
}
