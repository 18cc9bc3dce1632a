import { comparisonSchema, ERRORS, type ErrorCode, summarySchema, trendSchema } from '@loads/core';
import * as z from 'zod';
import { matrixReportSchema, searchReportSchema, sizingReportSchema } from '../study/report-schema.ts';
import { STUDY_KINDS } from '../study/study.ts';
import { psRunsSchema, psStudiesSchema } from './ps-schema.ts';

/** How far a run is, every second. Times in ms, totals so far. */
export type ProgressEvent = {
  readonly type: 'progress';
  readonly elapsedMs: number;
  readonly nodesRunning: number;
  readonly requests?: number | undefined;
  readonly failed?: number | undefined;
  readonly iterations?: number | undefined;
  readonly iterationsFailed?: number | undefined;
  readonly samples?: number | undefined;
  readonly faults?: number | undefined;
  readonly activeFaults?: readonly string[] | undefined;
  readonly failures?: Readonly<Record<string, number>> | undefined;
  readonly storage?: string | undefined;
  readonly p95Ms?: number | undefined;
  readonly requestsByName?: readonly RequestProgress[] | undefined;
};

/** The requests of one name: totals, and rate (per second) and latencies of the last five seconds. */
export type RequestProgress = {
  readonly name: string;
  /** As in summary.json. */
  readonly protocol: string;
  readonly requests: number;
  readonly failed: number;
  readonly rate: number;
  readonly p50Ms?: number | undefined;
  readonly p95Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
};

export type LogEvent = { readonly type: 'log'; readonly process: string; readonly line: string };
/** A line of `--json` that tells how a run goes. */
export type CliEvent = ProgressEvent | LogEvent;

const count = z.number().min(0);
const ms = z.number().min(0);

const progress = z
  .object({
    type: z.literal('progress'),
    elapsedMs: ms.describe('Since the start.'),
    nodesRunning: count,
    requests: count.optional().describe('Totals so far; absent until a node has spoken.'),
    failed: count.optional(),
    iterations: count.optional(),
    iterationsFailed: count.optional(),
    samples: count.optional(),
    faults: count.optional(),
    activeFaults: z.array(z.string()).optional(),
    failures: z.record(z.string(), count).optional().describe('Failed requests and iterations, by class.'),
    storage: z.string().optional().describe('Why points wait instead of being in the database.'),
    p95Ms: ms.optional().describe('Of the requests of the last second.'),
    requestsByName: z
      .array(
        z.object({
          name: z.string(),
          protocol: z.string().describe('http, grpc, ws or tcp.'),
          requests: count,
          failed: count,
          rate: count.describe('Per second, in the last five seconds; the percentiles are of the same.'),
          p50Ms: ms.optional(),
          p95Ms: ms.optional(),
          p99Ms: ms.optional(),
        }),
      )
      .optional()
      .describe('The 50 most frequent names of each node, and the rest as `(other)`.'),
  })
  .meta({ description: 'Every second of a run.' });

const EVENTS = [
  progress,
  z
    .object({ type: z.literal('log'), process: z.string().describe('`node 1 scenario`'), line: z.string() })
    .meta({ description: 'A line that a process of a run has written: `loads logs`, and `loads run -v`.' }),
  z
    .object({
      type: z.literal('summary'),
      folder: z.string(),
      dashboard: z.string().optional(),
      summary: summarySchema.describe('As in summary.json.'),
    })
    .meta({ description: 'The end of a run.' }),
  z
    .object({ type: z.literal('detached'), run: z.string(), folder: z.string() })
    .meta({ description: 'The run that `loads run --detach` has begun.' }),
  z
    .looseObject({ type: z.literal('trial') })
    .meta({ description: 'One trial of `loads run --sizing` or `loads search`: what was tried, and what came of it.' }),
  z
    .object({
      type: z.literal('sizing'),
      path: z.string(),
      report: sizingReportSchema.describe('As in the file at `path`.'),
    })
    .meta({ description: 'What `loads run --sizing` found.' }),
  z
    .object({
      type: z.literal('search'),
      path: z.string(),
      report: searchReportSchema.describe('As in the file at `path`.'),
    })
    .meta({ description: 'What `loads search` found.' }),
  z
    .looseObject({ type: z.literal('cost') })
    .meta({ description: 'One run of `loads run --matrix`: its fault, and what it cost.' }),
  z
    .object({
      type: z.literal('matrix'),
      path: z.string(),
      report: matrixReportSchema.describe('As in the file at `path`.'),
    })
    .meta({ description: 'What `loads run --matrix` found.' }),
  z
    .object({
      type: z.literal('valid'),
      file: z.string(),
      name: z.string(),
      scenarios: z.array(z.object({ name: z.string(), weight: z.number() })).optional(),
      nodes: count,
      workers: count,
      durationMs: ms.nullable().describe('null: until all iterations, or the command, are done.'),
    })
    .meta({ description: 'What `loads check` found.' }),
  z
    .object({
      type: z.literal('runs'),
      runs: psRunsSchema,
      studies: psStudiesSchema,
    })
    .meta({ description: 'What `loads ps` found.' }),
  z
    .object({ type: z.literal('stopped'), run: z.string(), nodes: count })
    .meta({ description: 'What `loads stop` told to end.' }),
  z
    .object({
      type: z.literal('scale'),
      run: z.string(),
      workers: count.describe('That the run is to have, over all nodes.'),
      before: count.optional().describe('How many it was to have before; absent when it was only asked for.'),
      atWork: count.describe('At work when this was asked, as the nodes said last.'),
    })
    .meta({ description: 'What `loads scale` found, or set.' }),
  z
    .object({ type: z.literal('monitor'), url: z.string() })
    .meta({ description: 'Where `loads monitor` tells of its host.' }),
  z
    .object({
      type: z.literal('removed'),
      run: z.string().optional(),
      kind: z.enum(STUDY_KINDS).optional().describe('Of a search, a matrix or a sizing, which goes with its runs.'),
      runs: z.array(z.string()).optional().describe('Those runs.'),
      folder: z.string().optional(),
      dryRun: z.boolean().optional(),
    })
    .meta({ description: 'What `loads rm` and `loads gc` removed; without a run nothing.' }),
  z
    .object({ type: z.literal('exported'), run: z.string(), format: z.string(), file: z.string() })
    .meta({ description: 'What `loads export` wrote.' }),
  z
    .object({ type: z.literal('report'), run: z.string(), file: z.string() })
    .meta({ description: 'The page that `loads report` wrote, or `loads run --report`.' }),
  z
    .object({ type: z.literal('image'), id: z.string(), tags: z.array(z.string()) })
    .meta({ description: 'What `loads images build` made.' }),
  z
    .object({ type: z.literal('new'), directory: z.string(), files: z.array(z.string()) })
    .meta({ description: 'What `loads new` wrote.' }),
  z
    .object({
      type: z.literal('imported'),
      requests: count,
      secrets: z.array(z.string()),
      file: z.string().optional(),
      source: z.string().optional(),
    })
    .meta({ description: 'What `loads import` wrote.' }),
  z
    .object({
      type: z.literal('pushed'),
      run: z.string(),
      written: count,
      refused: count,
      url: z.string(),
      bucket: z.string(),
    })
    .meta({ description: 'What `loads push` did.' }),
  z
    .object({
      type: z.literal('comparison'),
      path: z.string().optional(),
      notes: z.array(z.string()).describe('What a reader has to know of the runs.'),
      comparison: comparisonSchema,
    })
    .meta({ description: 'What `loads compare` found, and `loads run --baseline` after the summary.' }),
  z
    .object({ type: z.literal('baseline'), run: z.string(), path: z.string() })
    .meta({ description: 'What `loads baseline save` kept.' }),
  z
    .object({
      type: z.literal('trend'),
      path: z.string().optional(),
      notes: z.array(z.string()).describe('Which runs are left out, and why.'),
      trend: trendSchema,
    })
    .meta({ description: 'What `loads trend` found.' }),
  z
    .object({
      type: z.literal('doctor'),
      exitCode: z.int(),
      findings: z.array(
        z.object({
          check: z.string(),
          status: z.enum(['ok', 'warn', 'fail']),
          message: z.string(),
          hint: z.string().optional(),
          exitCode: z.int().optional(),
        }),
      ),
    })
    .meta({ description: 'What `loads doctor` found.' }),
  z
    .object({
      type: z.literal('error'),
      code: z.literal([...(Object.keys(ERRORS) as ErrorCode[]), 'ERR_BUG']),
      message: z.string(),
      hint: z.string().optional(),
    })
    .meta({ description: 'Why the command ended; stderr has the text as well.' }),
] as const;

const schema = z.discriminatedUnion('type', [...EVENTS]);

/** What a line of `--json` can be. */
export const cliEventSchema: z.ZodType<{ readonly type: string }> = schema;

/** The values of `type`. */
export const CLI_EVENT_TYPES: readonly string[] = EVENTS.flatMap(({ shape }) => [...shape.type.values]);

/** The JSON Schema of a line of `--json`. */
export function cliEventsJsonSchema(): unknown {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
}
