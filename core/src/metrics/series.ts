import {
  type Aggregate,
  type AggregateJson,
  aggregateFromJson,
  aggregateToJson,
  emptyAggregate,
  mergeInto,
} from './aggregate.ts';

export type Tags = Readonly<Record<string, string>>;

/** One series: the samples of a metric that share all tags. */
export type Series = { readonly metric: string; readonly tags: Tags; readonly aggregate: Aggregate };
export type SeriesJson = { readonly metric: string; readonly tags: Tags; readonly aggregate: AggregateJson };

export function seriesToJson(series: readonly Series[]): readonly SeriesJson[] {
  return series.map((one) => ({ ...one, aggregate: aggregateToJson(one.aggregate) }));
}

/** Reads what `seriesToJson` wrote. Throws ERR_RUN_DAMAGED for a histogram that cannot be one. */
export function seriesFromJson(json: readonly SeriesJson[]): readonly Series[] {
  return json.map((one) => ({ ...one, aggregate: aggregateFromJson(one.aggregate) }));
}

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
  const merge = new SeriesMerge();
  for (const node of nodes) merge.add(node);
  return merge.series;
}

/** The same, one node after the other. What is added stays as it is. */
export class SeriesMerge {
  readonly #merged = new Map<string, Series>();

  add(series: readonly Series[]): void {
    for (const { metric, tags, aggregate } of series) {
      const key = seriesKey(metric, tags);
      let into = this.#merged.get(key);
      if (!into) {
        into = { metric, tags, aggregate: emptyAggregate(aggregate.kind) };
        this.#merged.set(key, into);
      }
      mergeInto(into.aggregate, aggregate, metric);
    }
  }

  get series(): readonly Series[] {
    return [...this.#merged.values()];
  }
}
