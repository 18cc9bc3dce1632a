import { LoadsError } from '../errors/loads-error.ts';
import { Histogram } from '../histogram/histogram.ts';
import type { HistogramJson } from '../histogram/histogram-json.ts';
import type { MetricKind } from './metric-definition.ts';

/** All samples of one series, in the form of its kind. Two aggregates of a kind merge by exact addition. */
export type Aggregate =
  | { readonly kind: 'counter'; sum: number }
  | { readonly kind: 'rate'; count: number; sum: number }
  | { readonly kind: 'trend'; readonly histogram: Histogram }
  | { readonly kind: 'gauge'; last: number; lastAtMs: number; min: number; max: number; sum: number; count: number }
  | { readonly kind: 'set'; readonly members: Set<string> };

type Gauge = Extract<Aggregate, { kind: 'gauge' }>;

/** An aggregate at rest. A gauge without samples has no min and max. */
export type AggregateJson =
  | { readonly kind: 'counter'; readonly sum: number }
  | { readonly kind: 'rate'; readonly count: number; readonly sum: number }
  | { readonly kind: 'trend'; readonly histogram: HistogramJson }
  | (Readonly<Omit<Gauge, 'min' | 'max'>> & { readonly min?: number | undefined; readonly max?: number | undefined })
  | { readonly kind: 'set'; readonly members: readonly string[] };

/** An observation as an aggregate takes it: `weight` is the number of samples that it stands for. */
export type Observation = {
  readonly value: number;
  readonly weight: number;
  /** A gauge's change instead of its value. */
  readonly delta?: boolean | undefined;
  /** A set's member. */
  readonly text?: string | undefined;
};

/** The aggregate of no samples. */
export function emptyAggregate(kind: MetricKind): Aggregate {
  switch (kind) {
    case 'counter':
      return { kind, sum: 0 };
    case 'rate':
      return { kind, count: 0, sum: 0 };
    case 'trend':
      return { kind, histogram: new Histogram() };
    case 'gauge':
      return {
        kind,
        last: 0,
        lastAtMs: 0,
        min: Number.POSITIVE_INFINITY,
        max: Number.NEGATIVE_INFINITY,
        sum: 0,
        count: 0,
      };
    case 'set':
      return { kind, members: new Set() };
  }
}

/** Adds one observation, made at `atMs` (epoch). */
export function observe(aggregate: Aggregate, observation: Observation, atMs: number): void {
  const { value, weight } = observation;
  switch (aggregate.kind) {
    case 'counter':
      aggregate.sum += value * weight;
      break;
    case 'rate':
      aggregate.count += weight;
      if (value !== 0) aggregate.sum += weight;
      break;
    case 'trend':
      aggregate.histogram.record(value, weight);
      break;
    case 'gauge':
      setGauge(aggregate, observation.delta ? aggregate.last + value : value, atMs);
      break;
    case 'set':
      aggregate.members.add(observation.text ?? String(value));
      break;
  }
}

/**
 * Adds `from` to `into`. Of a gauge the later value stays, the greater one when both were seen at the same instant, so
 * that no order of merging matters. Throws ERR_RUN_DAMAGED when the kinds differ: two nodes then disagree on `metric`.
 */
export function mergeInto(into: Aggregate, from: Aggregate, metric = 'a series'): void {
  if (into.kind === 'counter' && from.kind === 'counter') into.sum += from.sum;
  else if (into.kind === 'rate' && from.kind === 'rate') {
    into.count += from.count;
    into.sum += from.sum;
  } else if (into.kind === 'trend' && from.kind === 'trend') into.histogram.merge(from.histogram);
  else if (into.kind === 'gauge' && from.kind === 'gauge') {
    if (isLater(from, into)) {
      into.last = from.last;
      into.lastAtMs = from.lastAtMs;
    }
    into.min = Math.min(into.min, from.min);
    into.max = Math.max(into.max, from.max);
    into.sum += from.sum;
    into.count += from.count;
  } else if (into.kind === 'set' && from.kind === 'set') for (const member of from.members) into.members.add(member);
  else
    throw new LoadsError('ERR_RUN_DAMAGED', `${metric} is a ${into.kind} in one place and a ${from.kind} in another`);
}

export function aggregateToJson(aggregate: Aggregate): AggregateJson {
  if (aggregate.kind === 'trend') return { kind: 'trend', histogram: aggregate.histogram.toJSON() };
  if (aggregate.kind === 'set') return { kind: 'set', members: [...aggregate.members] };
  // JSON has no infinities.
  if (aggregate.kind === 'gauge' && aggregate.count === 0) return { ...aggregate, min: undefined, max: undefined };
  return { ...aggregate };
}

export function aggregateFromJson(json: AggregateJson): Aggregate {
  if (json.kind === 'trend') return { kind: 'trend', histogram: Histogram.fromJSON(json.histogram) };
  if (json.kind === 'set') return { kind: 'set', members: new Set(json.members) };
  if (json.kind !== 'gauge') return { ...json };
  return { ...json, min: json.min ?? Number.POSITIVE_INFINITY, max: json.max ?? Number.NEGATIVE_INFINITY };
}

function isLater(one: Gauge, other: Gauge): boolean {
  if (one.count === 0 || other.count === 0) return other.count === 0;
  return one.lastAtMs === other.lastAtMs ? one.last > other.last : one.lastAtMs > other.lastAtMs;
}

function setGauge(gauge: Gauge, value: number, atMs: number): void {
  gauge.last = value;
  gauge.lastAtMs = atMs;
  gauge.min = Math.min(gauge.min, value);
  gauge.max = Math.max(gauge.max, value);
  gauge.sum += value;
  gauge.count += 1;
}
