import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  baselineJsonSchema,
  comparisonJsonSchema,
  configJsonSchema,
  emptyAggregate,
  type MetricKind,
  type NodeResult,
  observe,
  parseThreshold,
  type Series,
  type Summary,
  summarize,
  summaryJsonSchema,
  summarySchema,
  type Tags,
  trendJsonSchema,
} from '@loads/core';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { cliEventsJsonSchema } from '../console/cli-events.ts';
import { fullSummary } from '../console/full-summary.test.fixture.ts';
import { plan } from '../console/plan.test.fixture.ts';
import { summaryJson } from './summary-json.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/schema');

async function published(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(FOLDER, name), 'utf8'));
}

test.each([
  ['loads.schema.json', configJsonSchema()],
  ['summary.schema.json', summaryJsonSchema()],
  ['comparison.schema.json', comparisonJsonSchema()],
  ['trend.schema.json', trendJsonSchema()],
  ['baseline.schema.json', baselineJsonSchema()],
  ['events.schema.json', cliEventsJsonSchema()],
])('docs/schema/%s is what the code validates with (else: npm run schemas)', async (name, schema) => {
  expect(await published(name)).toEqual(JSON.parse(JSON.stringify(schema)));
});

test('a summary with everything in it fits the schema, and nothing of it is unknown to the schema', async () => {
  const json: unknown = JSON.parse(summaryJson(fullSummary));
  expect(json).toEqual(fullSummary);
  expect(summarySchema.parse(json)).toEqual(json);
  expect((await publishedSummarySchema()).safeParse(json)).toMatchObject({ success: true });
});

test.each([
  ['a lost figure', (summary: Summary) => ({ ...summary, durationMs: null })],
  ['another version', (summary: Summary) => ({ ...summary, version: 2 })],
  ['no verdict', (summary: Summary) => ({ ...summary, outcome: undefined })],
  [
    'an unknown phase',
    (summary: Summary) => ({ ...summary, total: { ...summary.total, phases: { end: summary.total } } }),
  ],
])('a summary with %s does not fit it', async (_, damage) => {
  const json: unknown = JSON.parse(JSON.stringify(damage(fullSummary)));
  expect(summarySchema.safeParse(json).success).toBe(false);
  expect((await publishedSummarySchema()).safeParse(json).success).toBe(false);
});

test('the summary of a run of two nodes fits the schema', async () => {
  const nodes = [1, 2].map((node) => ({
    node,
    result: resultOf(node, { startedAtMs: 1000 + node, endedAtMs: 21_000 }),
  }));
  const thresholds = [
    parseThreshold('http_req_duration{phase:steady}', 'p(95)<200'),
    parseThreshold('nothing', 'count>0'),
  ];
  const options = { run: 'r', tolerateLostNodes: false, stopped: false, failAt: 1 };
  const summary = summarize({ ...plan, thresholds }, [...nodes, { node: 3, lost: 'gone' }], options);
  const json: unknown = JSON.parse(summaryJson(summary));
  expect(summarySchema.parse(json)).toEqual(json);
  expect(json).toMatchObject({ custom: [{ metric: 'depth' }, { metric: 'orders', rate: expect.closeTo(1000 / 20) }] });
  expect((await publishedSummarySchema()).safeParse(json)).toMatchObject({ success: true });
});

test('a run that never began has no rates, and no null for them either', () => {
  const nodes = [{ node: 1, lost: 'gone', result: resultOf(1, { startedAtMs: undefined, endedAtMs: 2000 }) }];
  const thresholds = [parseThreshold('orders', 'rate>1')];
  const options = { run: 'r', tolerateLostNodes: true, stopped: false };
  const text = summaryJson(summarize({ ...plan, thresholds }, nodes, options));
  expect(summarySchema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
});

test('no figure becomes null because it is not finite', () => {
  const custom = [{ metric: 'orders', kind: 'counter' as const, value: Number.POSITIVE_INFINITY, rate: Number.NaN }];
  const json = JSON.parse(summaryJson({ ...fullSummary, custom, lost: null })) as Summary;
  expect(json.custom).toEqual([{ metric: 'orders', kind: 'counter' }]);
  // Where null means something it stays.
  expect(json.lost).toBeNull();
});

async function publishedSummarySchema(): Promise<z.ZodType> {
  return z.fromJSONSchema((await published('summary.schema.json')) as Parameters<typeof z.fromJSONSchema>[0]);
}

function resultOf(node: number, times: Pick<NodeResult, 'startedAtMs' | 'endedAtMs'>): NodeResult {
  const request = { name: 'list items', phase: 'steady' };
  const series = [
    seriesOf('counter', 'http_reqs', request, 1, 100),
    seriesOf('trend', 'http_req_duration', request, 12.5, 100),
    seriesOf('rate', 'http_req_failed', request, 0, 100),
    seriesOf('rate', 'iteration_failed', { scenario: 'read', phase: 'steady' }, 1, 3),
    seriesOf('rate', 'checks', { check: 'status is 200', phase: 'steady' }, 1, 7),
    seriesOf('counter', 'failures', { class: 'timeout' }, 1, 2),
    seriesOf('counter', 'faults', { fault: 'slow', proxy: 'web', protocol: 'http', behavior: 'delay' }, 1, 5),
    seriesOf('counter', 'orders', {}, 5, 100),
    seriesOf('gauge', 'depth', {}, 0.5, 1),
    seriesOf('gauge', 'node_cpu', {}, 0.08, 1),
    seriesOf('trend', 'loop_lag', {}, 2, 10),
  ];
  const accounting = { emitted: 300, received: 300, stored: 300, rejected: 0, kernelDrops: 0 };
  const errors = [{ scenario: 'read', failure: 'assertion', message: 'gone', count: 3, stack: 'Error: gone' }];
  return { run: 'r', node, final: true, scenario: 'done', ...times, interrupted: 1, errors, accounting, series };
}

function seriesOf(kind: MetricKind, metric: string, tags: Tags, value: number, weight: number): Series {
  const aggregate = emptyAggregate(kind);
  observe(aggregate, { value, weight }, 1000);
  return { metric, tags, aggregate };
}
