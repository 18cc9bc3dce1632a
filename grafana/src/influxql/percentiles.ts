import { ALL, CUMULATIVE_FIELDS, type CumulativeOver, ELAPSED_FIELD, TAGS } from '@loads/core';
import { IN_RANGE } from './filters.ts';
import { requestMeasurement } from './measurements.ts';

/** Which percentile is asked for, of what, and over which groups. */
export type PercentileQuery = {
  /** 50, 95, 99. */
  readonly percent: number;
  /** All requests of the chosen protocol together, or such as are chosen by their names: that takes ten times longer. */
  readonly over: CumulativeOver;
  /** The condition on the points, without the time. */
  readonly where: string;
  /** The condition on their time; '' for none. Default: the dashboard's range. */
  readonly time?: string | undefined;
  /** `time(...)` to have it over time; without it there is one value for the whole range. */
  readonly window?: string | undefined;
  /** Tags by which the samples are told apart; those of all others are merged. */
  readonly by?: readonly string[] | undefined;
  /** Also gives the seconds since the start of the run, as `elapsed`. */
  readonly elapsed?: boolean | undefined;
  /** Name of the column; default `p95` and the like. */
  readonly as?: string | undefined;
};

/**
 * The true percentile of the samples of each group, as the upper bound of the coarse bucket that it is in. Nothing is
 * averaged: the cumulative buckets of all nodes and series are summed, and the smallest bound that at least `percent` of
 * the samples do not exceed is taken.
 */
export function mergedPercentile({
  percent,
  over,
  where,
  time = IN_RANGE,
  window,
  by = [],
  elapsed = false,
  as = `p${percent}`,
}: PercentileQuery): string {
  const { atMost, total, bound } = CUMULATIVE_FIELDS;
  const rows = `"${TAGS.name}" ${over === 'all' ? '=' : '!='} '${ALL}'`;
  const tags = by.map((tag) => `"${tag}"`);
  const groups = [...(window === undefined ? [] : [window]), ...tags];
  const timed = time === '' ? '' : ` AND ${time}`;
  const shares = [
    `SELECT sum("${atMost}") / sum("${total}") AS "share", max("${bound}") AS "${bound}"`,
    elapsed ? `, min("${ELAPSED_FIELD}") AS "${ELAPSED_FIELD}"` : '',
    ` FROM ${requestMeasurement('cumulative')} WHERE ${where} AND ${rows}${timed}`,
    ` GROUP BY ${[...groups, `"${TAGS.le}"`].join(', ')}${fill(window)}`,
  ].join('');
  const columns = `${elapsed ? `min("${ELAPSED_FIELD}") AS "${ELAPSED_FIELD}", ` : ''}min("${bound}") AS "${as}"`;
  const grouped = groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}${fill(window)}`;
  return `SELECT ${columns} FROM (${shares}) WHERE "share" >= ${percent / 100}${timed}${grouped}`;
}

/** The highest of the nodes' own percentiles, over time. */
export function worstNodePercentile(query: PercentileQuery & { readonly window: string }): string {
  const { percent, time = IN_RANGE, window } = query;
  const each = mergedPercentile({ ...query, by: [TAGS.node] });
  const timed = time === '' ? '' : ` WHERE ${time}`;
  return `SELECT max("p${percent}") AS "p${percent}" FROM (${each})${timed} GROUP BY ${window} fill(none)`;
}

/** Only windows of time can be empty. */
function fill(window: string | undefined): string {
  return window === undefined ? '' : ' fill(none)';
}
