import * as z from 'zod';
import { EXIT } from '../errors/exit-codes.ts';
import type { Summary } from './summary.ts';

const count = z.number().min(0);
const ms = z.number().min(0);

const trend = z
  .object({
    count,
    min: z.number(),
    mean: z.number(),
    p50: z.number(),
    p90: z.number(),
    p95: z.number(),
    p99: z.number(),
    p999: z.number(),
    max: z.number(),
  })
  .meta({ id: 'trend', description: "A distribution over all nodes, in the metric's unit (ms for latencies)." });

const requestFigures = {
  ok: count,
  ko: count.describe('Requests without an answer, or with a status over 399.'),
  rate: z.number().min(0).describe('Requests per second.'),
  duration: trend.optional().describe('http_req_duration, ms.'),
};

const phase = z.enum(['setup', 'steady', 'chaos', 'recovery', 'teardown']);

const requestRow = z
  .object({
    name: z.string(),
    ...requestFigures,
    phases: z.partialRecord(phase, z.object(requestFigures)).describe('The same figures for each phase of the run.'),
  })
  .meta({ id: 'requests', description: 'The requests of one name, or of all.' });

const accounting = z
  .object({
    emitted: count.nullable().describe('null when a foreign program emitted and nobody counted.'),
    received: count,
    stored: count,
    rejected: count.describe('Lines that were no statsd, or beyond the limit of distinct series.'),
    kernelDrops: count.describe('Datagrams that were lost before the agent could read them.'),
    points: z.object({ written: count, spooled: count, dropped: count }).optional().describe('Points for InfluxDB.'),
  })
  .meta({ id: 'accounting', description: 'What became of the samples.' });

const schema = z
  .object({
    version: z.literal(1),
    run: z.string(),
    name: z.string(),
    outcome: z.enum(['passed', 'failed', 'invalid', 'stopped']),
    exitCode: z.literal(Object.values(EXIT)),
    reasons: z.array(z.string()),
    tolerated: z.array(z.string()).describe("What was let pass at the user's wish."),
    startedAtMs: z.number().optional().describe('When the first node started, epoch ms.'),
    durationMs: ms,
    nodes: z.int().min(1),
    workers: z.int().min(1),
    seed: z.int(),
    total: requestRow,
    requests: z.array(requestRow),
    iterations: z.array(z.object({ scenario: z.string(), ok: count, failed: count, duration: trend.optional() })),
    interrupted: count.describe('Iterations that were cut at the end.'),
    checks: z.array(z.object({ name: z.string(), ok: count, failed: count })),
    failures: z.array(z.object({ failure: z.string(), count })).describe('Failed requests and iterations, by class.'),
    errors: z.array(
      z.object({
        scenario: z.string(),
        failure: z.string(),
        message: z.string(),
        count,
        stack: z.string().optional(),
      }),
    ),
    thresholds: z.array(
      z.object({
        metric: z.string(),
        expression: z.string(),
        ok: z.boolean(),
        actual: z.number().optional(),
        reason: z.string().optional().describe('Why nothing was measured.'),
      }),
    ),
    faults: z
      .array(z.object({ fault: z.string(), proxy: z.string(), protocol: z.string(), behavior: z.string(), count }))
      .describe('Injected faults.'),
    custom: z.array(
      z.object({
        metric: z.string(),
        kind: z.enum(['counter', 'gauge', 'rate', 'trend', 'set']),
        value: z.number().optional().describe("A counter's sum, a gauge's last value, a set's size."),
        rate: z.number().optional().describe('Of a counter, per second.'),
        trend: trend.optional(),
      }),
    ),
    accounting,
    lost: count.nullable().describe('Samples missing; null when the accounts do not add up.'),
    startSkewMs: ms.optional().describe('Between the first and the last node to start.'),
    nodeRows: z.array(
      z.object({
        node: z.int().min(1),
        state: z.enum(['done', 'lost']),
        lost: z.string().optional().describe('Why it was lost.'),
        startSkewMs: ms.optional().describe('After the first node.'),
        cpu: z.number().min(0).optional().describe('Mean CPU of the scenario process, 1 = one core.'),
        loopLagP99Ms: ms.optional(),
        accounting: accounting.optional(),
        commandExit: z.int().optional(),
      }),
    ),
  })
  .describe('What a run of Loads was and what came of it. Times in ms, instants as epoch ms, ratios from 0 to 1.');

/** A type with everything in it that `readonly`, intersections and names hide. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<T[Key]> }
    : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only while the schema says exactly what the type says. */
const inStep: Same<Plain<z.infer<typeof schema>>, Plain<Summary>> extends true ? typeof schema : never = schema;

/** The content of `summary.json`. */
export const summarySchema: z.ZodType<Summary> = inStep;

/** The JSON Schema of `summary.json`, for its readers. Later versions of Loads may add keys. */
export function summaryJsonSchema(): unknown {
  return z.toJSONSchema(summarySchema, { io: 'input', target: 'draft-2020-12' });
}
