import {
  AGENT_FIELDS,
  bucketMeasurement,
  CUMULATIVE_FIELDS,
  CUMULATIVE_METRICS,
  cumulativeMeasurement,
  ELAPSED_FIELD,
  EVENT_FIELDS,
  MEASUREMENTS,
  METRIC_FIELDS,
  METRICS,
  REQUEST_METRICS,
  RUN_FIELDS,
  SUMMARY_FIELDS,
  TAGS,
  THRESHOLD_FIELDS,
} from '@loads/core';
import { expect, test } from 'vitest';
import { panels, queries, targetsOf } from './queries.test.support.ts';

/** Averages of percentiles, and sums, are no percentiles. */
const AVERAGED =
  /\b(mean|median|mode|sum|integral|spread|stddev|percentile|moving_average|cumulative_sum|derivative|difference)\s*\(\s*"?p\d/i;

test('the rule against averaged percentiles finds them', () => {
  expect(
    ['SELECT mean("p95") FROM "x"', 'SELECT sum(p99)/2', 'SELECT MEAN( "p50" )'].filter((one) => AVERAGED.test(one)),
  ).toHaveLength(3);
  expect(AVERAGED.test('SELECT max("p95"), sum("count") FROM "x"')).toBe(false);
});

test.each(queries())('no percentile is averaged: $of', ({ query }) => {
  expect(query).not.toMatch(AVERAGED);
});

test('no panel averages on the way to the screen either', () => {
  for (const { of, panel } of panels()) {
    expect(JSON.stringify([panel.options, panel.transformations]), of).not.toMatch(/"(mean|median|sum|avg)"/i);
  }
});

test('a panel that shows the highest percentile of any node says so in its title, and no other does', () => {
  for (const { of, panel } of panels()) {
    const worst = targetsOf(panel).some(({ query }) => /\bmax\(\s*"?p\d/.test(query));
    expect(/worst node/.test(panel.title ?? ''), of).toBe(worst);
  }
});

/** What of the metrics of requests is in the database: what patterns of measurements may mean. */
const OF_REQUESTS = REQUEST_METRICS.flatMap(({ count, failed, duration }) => {
  return [count, failed, duration, bucketMeasurement(duration), cumulativeMeasurement(duration)];
});
const BUCKETS: ReadonlySet<string> = new Set([...CUMULATIVE_METRICS].map(bucketMeasurement));
const CUMULATIVE: ReadonlySet<string> = new Set([...CUMULATIVE_METRICS].map(cumulativeMeasurement));

/** The measurements that a query asks: those that it names, and those that its patterns mean for each protocol. */
function measurementsOf(query: string): readonly string[] {
  const named = [...query.matchAll(/FROM "([^"]+)"/g)].map(([, name = '']) => name);
  const patterns = [...query.matchAll(/(?:FROM|MEASUREMENT =~) \/(\^\S+\$)\//g)].map(([, pattern = '']) => pattern);
  const meant = patterns.flatMap((pattern) =>
    REQUEST_METRICS.map(({ protocol }) => pattern.replaceAll('${protocol:regex}', protocol)).flatMap((one) => {
      const found = OF_REQUESTS.filter((name) => new RegExp(one).test(name));
      return found.length === 0 ? [one] : found;
    }),
  );
  return [...named, ...meant];
}

test('a pattern means one measurement of each protocol', () => {
  const meant = queries().map(({ query }) => measurementsOf(query.replaceAll(/FROM "[^"]+"/g, '')));
  const asked = new Set(meant.flat());
  expect(asked.isSubsetOf(new Set(OF_REQUESTS))).toBe(true);
  for (const { failed, duration } of REQUEST_METRICS)
    for (const name of [failed, bucketMeasurement(duration), cumulativeMeasurement(duration)])
      expect([...asked]).toContain(name);
  for (const of of meant) expect([0, REQUEST_METRICS.length]).toContain(new Set(of).size);
});

/** Fields of a measurement; undefined when nobody writes it. */
function fieldsOf(measurement: string): readonly string[] | undefined {
  const kind = METRICS[measurement]?.kind;
  if (kind !== undefined) return [...METRIC_FIELDS[kind], ELAPSED_FIELD];
  if (BUCKETS.has(measurement)) return METRIC_FIELDS.bucket;
  if (CUMULATIVE.has(measurement)) return [...Object.values(CUMULATIVE_FIELDS), ELAPSED_FIELD];
  switch (measurement) {
    case MEASUREMENTS.events:
      return Object.values(EVENT_FIELDS);
    case MEASUREMENTS.runs:
      return Object.values(RUN_FIELDS);
    case MEASUREMENTS.summary:
      return Object.values(SUMMARY_FIELDS).flat();
    case MEASUREMENTS.thresholds:
      return Object.values(THRESHOLD_FIELDS);
    case MEASUREMENTS.agent:
      return Object.values(AGENT_FIELDS);
    default:
      return undefined;
  }
}

/** The names in a query that nobody writes. Texts, patterns and the query's own names for columns are left out. */
function unknownNames(query: string): readonly string[] {
  const bare = query.replaceAll(/'[^']*'/g, "''").replaceAll(/=~ \/\^.*?\$\//g, '');
  const own = [...bare.matchAll(/ AS "([^"]+)"/g)].map(([, name]) => name);
  const measurements = measurementsOf(query);
  const known = new Set([...Object.values(TAGS), ...own]);
  const unknown = measurements.filter((measurement) => fieldsOf(measurement) === undefined);
  for (const measurement of measurements)
    for (const name of [measurement, ...(fieldsOf(measurement) ?? [])]) known.add(name);
  const others = [...bare.matchAll(/"([^"]+)"/g)].flatMap(([, name = '']) => (known.has(name) ? [] : [name]));
  return [...unknown, ...others];
}

test('a name that nobody writes is found', () => {
  expect(unknownNames('SELECT max("p96") AS "worst" FROM "http_req_duration" WHERE "who" = \'"x"\'')).toEqual([
    'p96',
    'who',
  ]);
  expect(unknownNames('SELECT "sum" FROM "http_request"')).toContain('http_request');
  expect(unknownNames('SELECT "sum" FROM /^${protocol:regex}_(requests)$/ WHERE')).toContain('^tcp_(requests)$');
  expect(unknownNames('SELECT max("p95") FROM /^${protocol:regex}_(req_failed|session_failed)$/ WHERE')).toEqual([
    'p95',
  ]);
});

test.each(queries())('asks only for what is written: $of', ({ query }) => {
  expect(unknownNames(query)).toEqual([]);
});
