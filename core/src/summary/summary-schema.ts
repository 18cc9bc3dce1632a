import * as z from 'zod';
import { EXIT } from '../errors/exit-codes.ts';
import { requestExampleSchema } from '../link/request-example.ts';
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
  ko: count.describe('Requests without an answer, or with a status that was not expected; connections that failed.'),
  rate: z.number().min(0).describe('Requests per second.'),
  duration: trend
    .optional()
    .describe('ms: http_req_duration, grpc_req_duration; ws_waiting, tcp_waiting of rows of connections.'),
};

const phase = z.enum(['setup', 'steady', 'chaos', 'recovery', 'teardown']);

const requestRow = z
  .object({
    name: z.string(),
    protocol: z.string().optional().describe('http, grpc, ws or tcp; absent for those of all.'),
    ...requestFigures,
    phases: z.partialRecord(phase, z.object(requestFigures)).describe('The same figures for each phase of the run.'),
  })
  .meta({
    id: 'requests',
    description: 'The requests of one name and protocol, or of all. Of ws and tcp a request is a connection.',
  });

const accounting = z
  .object({
    emitted: count.nullable().describe('null when a foreign program emitted and nobody counted.'),
    received: count,
    stored: count,
    rejected: count.describe('Lines that were no statsd, or beyond the limit of distinct series.'),
    kernelDrops: count.describe('Datagrams that were lost before the agent could read them.'),
    points: z
      .object({
        written: count,
        spooled: count.describe('In the folder of the run: `loads push` stores them.'),
        dropped: count.describe('Nowhere: refused for good, or without room on the disk.'),
        problem: z.string().optional().describe('Why points are not in the database, and how to mend it.'),
      })
      .optional()
      .describe('Points for InfluxDB.'),
  })
  .meta({ id: 'accounting', description: 'What became of the samples.' });

const faultMark = z
  .object({ id: z.string().describe('Stands in the injected error too.'), atMs: z.number().describe('Epoch ms.') })
  .meta({ id: 'fault', description: 'One injected fault.' });

const thresholdResult = {
  metric: z.string(),
  expression: z.string(),
  ok: z.boolean(),
  actual: z.number().optional(),
  limit: z.number().optional().describe('What it was compared with, where that was measured, too.'),
  reason: z.string().optional().describe('Why nothing was measured.'),
};

const windowRecovery = z.object({
  fault: z.string(),
  proxy: z.string(),
  fromMs: z.number().describe('As it happened, from the start of the run.'),
  toMs: z.number(),
  effect: z.enum(['none', 'degraded', 'collapsed', 'unknown']),
  detectionMs: ms.optional().describe('From its begin until the load shows it.'),
  recoveryMs: ms.optional().describe('From its end until the run is as before.'),
  reason: z.string().optional().describe('Why there is no recoveryMs.'),
  with: z.array(z.string()).optional().describe('Other faults without a pause between; the times are those of all.'),
  stepMs: ms.describe('How exact the times are.'),
});

const recovery = z
  .object({
    fault: z.string(),
    windows: z.array(windowRecovery),
    requests: count.describe('Requests that overlapped it.'),
    failed: count,
    failedBecause: count.describe('Those beyond what fails in the steady phase.'),
  })
  .meta({ id: 'recovery', description: 'An entry of the schedule and what came of it.' });

const schema = z
  .object({
    version: z.literal(1),
    run: z.string(),
    name: z.string(),
    outcome: z.enum(['passed', 'failed', 'invalid', 'stopped']),
    exitCode: z.literal(Object.values(EXIT)),
    reasons: z.array(z.string()),
    tolerated: z.array(z.string()).describe("What was let pass at the user's wish."),
    warnings: z.array(z.string()).optional().describe('What does not keep the run from being judged.'),
    aborted: z
      .object({ ...thresholdResult, atMs: ms.describe('From the start of the run.') })
      .optional()
      .describe('The threshold that ended the run.'),
    startedAtMs: z.number().optional().describe('When the first node started, epoch ms.'),
    durationMs: ms,
    nodes: z.int().min(1),
    workers: z.int().min(1),
    scalings: z
      .array(z.object({ atMs: ms.describe('From the start of the run.'), workers: count }))
      .optional()
      .describe('How the number of workers was set while the run went on (`loads scale`).'),
    seed: z.int(),
    total: requestRow,
    requests: z.array(requestRow),
    iterations: z.array(z.object({ scenario: z.string(), ok: count, failed: count, duration: trend.optional() })),
    interrupted: count.describe('Iterations that were cut at the end.'),
    commandExits: z
      .array(z.object({ code: z.int(), count }))
      .optional()
      .describe('How often the programs of a command ended with which exit code; over 128: by a signal.'),
    steps: z
      .array(z.object({ scenario: z.string(), name: z.string(), duration: trend.optional() }))
      .optional()
      .describe('Steps of scenarios: group_duration, ms.'),
    schedule: z
      .object({
        dropped: count.describe('Arrivals that found all workers busy.'),
        lag: trend.optional().describe('How late they began, ms.'),
        fromStart: trend.optional().describe('Duration of iterations from their actual begin, ms.'),
        fromPlan: trend.optional().describe('The same from their planned begin.'),
      })
      .optional()
      .describe('Of arrivals.'),
    checks: z.array(z.object({ name: z.string(), ok: count, failed: count })),
    failures: z.array(z.object({ failure: z.string(), count })).describe('Failed requests and iterations, by class.'),
    errors: z.array(
      z.object({
        scenario: z.string(),
        failure: z.string(),
        message: z.string(),
        count,
        stack: z.string().optional(),
        example: requestExampleSchema
          .optional()
          .describe('The request of the first one: the one that failed, or the last before the error.'),
      }),
    ),
    thresholds: z.array(z.object(thresholdResult)),
    faults: z
      .array(
        z.object({
          fault: z.string(),
          proxy: z.string(),
          protocol: z.string(),
          behavior: z.string(),
          count,
          first: faultMark.optional(),
          last: faultMark.optional(),
        }),
      )
      .describe('Injected faults.'),
    recovery: z.array(recovery).optional().describe('How the service got over each entry of the schedule.'),
    custom: z.array(
      z.object({
        metric: z.string(),
        kind: z.enum(['counter', 'gauge', 'rate', 'trend', 'set']),
        value: z
          .number()
          .optional()
          .describe("A counter's sum, a gauge's last value, a set's size, a rate's share of ones."),
        range: z
          .object({ min: z.number(), avg: z.number(), max: z.number() })
          .optional()
          .describe('Of a gauge, over all its values.'),
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
        memoryBytes: z
          .number()
          .min(0)
          .optional()
          .describe('The most resident memory of a scenario process of the node.'),
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
