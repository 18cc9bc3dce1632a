import { type Aggregate, type AggregateJson, emptyAggregate, mergeInto } from './aggregate.ts';

export type Tags = Readonly<Record<string, string>>;

/** One series: the samples of a metric that share all tags. */
export type Series = { readonly metric: string; readonly tags: Tags; readonly aggregate: Aggregate };
export type SeriesJson = { readonly metric: string; readonly tags: Tags; readonly aggregate: AggregateJson };

/** The identity of a series: metric and tags, whatever the order in which the tags came. */
export function seriesKey(metric: string, tags: Tags): string {
  let key = metric;
  for (const tag of Object.keys(tags).sort()) key += `\u0000${tag}\u0001${tags[tag]}`;
  return key;
}

/**
 * Whether a series carries all the tags asked for; a tag that it does not have is ''. A `fault` tag that names several
 * entries carries each of them.
 */
export function carries(tags: Tags, wanted: Tags): boolean {
  for (const [tag, value] of Object.entries(wanted)) {
    const actual = tags[tag] ?? '';
    if (actual === value) continue;
    if (tag !== 'fault' || !actual.split('+').includes(value)) return false;
  }
  return true;
}

/** The samples of a metric over all series that carry `wanted`, merged; undefined when there is no such series. */
export function select(series: readonly Series[], metric: string, wanted: Tags = {}): Aggregate | undefined {
  let merged: Aggregate | undefined;
  for (const one of series) {
    if (one.metric !== metric || !carries(one.tags, wanted)) continue;
    merged ??= emptyAggregate(one.aggregate.kind);
    mergeInto(merged, one.aggregate, metric);
  }
  return merged;
}

/** The samples of a metric, merged for every distinct value of one tag (absent = ''), in the order of the values. */
export function groupBy(
  series: readonly Series[],
  metric: string,
  tag: string,
  wanted: Tags = {},
): ReadonlyMap<string, Aggregate> {
  const groups = new Map<string, Aggregate>();
  for (const one of series) {
    if (one.metric !== metric || !carries(one.tags, wanted)) continue;
    const value = one.tags[tag] ?? '';
    const merged = groups.get(value) ?? emptyAggregate(one.aggregate.kind);
    groups.set(value, merged);
    mergeInto(merged, one.aggregate, metric);
  }
  return new Map([...groups].sort(([a], [b]) => a.localeCompare(b)));
}

/** Merges the series of several nodes: what has the same metric and tags becomes one. */
export function mergeSeries(nodes: Iterable<readonly Series[]>): readonly Series[] {
  const merged = new Map<string, Series>();
  for (const node of nodes) {
    for (const one of node) {
      const key = seriesKey(one.metric, one.tags);
      let into = merged.get(key);
      if (!into) {
        into = { metric: one.metric, tags: one.tags, aggregate: emptyAggregate(one.aggregate.kind) };
        merged.set(key, into);
      }
      mergeInto(into.aggregate, one.aggregate, one.metric);
    }
  }
  return [...merged.values()];
}
