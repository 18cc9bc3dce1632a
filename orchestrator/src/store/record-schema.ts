import * as z from 'zod';

const ms = z.number().min(0);
const names = z.record(z.string(), z.string());
const behaviors = z.array(
  z.looseObject({ percent: z.number(), behavior: z.string(), options: z.record(z.string(), z.unknown()) }),
);
const aggregation = z.looseObject({ name: z.string(), percentile: z.number().optional() });
const stretch = z.object({ forMs: ms, from: z.number(), to: z.number() });

const model = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('workers'), profile: z.array(stretch) }),
  z.looseObject({ kind: z.literal('iterations'), workers: z.number(), iterations: z.number(), rampUpMs: ms }),
  z.looseObject({
    kind: z.literal('hits'),
    rounds: z.array(z.object({ workers: z.number(), hits: z.number() })),
    rampUpMs: ms,
  }),
  z.looseObject({ kind: z.literal('once'), workers: z.number() }),
  z.looseObject({
    kind: z.literal('arrivals'),
    profile: z.array(stretch),
    spacing: z.string(),
    workers: z.number(),
    maxWorkers: z.number(),
  }),
]);

const threshold = z.looseObject({
  selector: z.string(),
  metric: z.string(),
  expression: z.string(),
  aggregation,
  tags: names,
  operator: z.enum(['<', '<=', '>', '>=', '==', '!=']),
  limit: z.number(),
  relativeTo: z.looseObject({ aggregation, tags: names }).optional(),
});

const plan = z.looseObject({
  version: z.literal(1),
  name: z.string(),
  scenario: z.discriminatedUnion('kind', [
    z.looseObject({ kind: z.literal('script'), file: z.string() }),
    z.looseObject({ kind: z.literal('command'), command: z.array(z.string()) }),
  ]),
  target: z.url().optional(),
  nodes: z.int().min(1),
  workers: z.number(),
  durationMs: ms.nullable(),
  load: z.array(z.looseObject({ atMs: ms, durationMs: ms.nullable(), model })).optional(),
  gracefulStopMs: ms,
  recoveryMs: ms,
  maxLagMs: ms.optional(),
  busyWait: z.boolean().optional(),
  seed: z.number(),
  env: names,
  proxies: z.array(
    z.looseObject({
      name: z.string(),
      backend: z.object({ host: z.string(), port: z.number() }),
      protocol: z.string(),
      behaviors,
    }),
  ),
  remotes: z
    .array(
      z.looseObject({
        name: z.string(),
        control: z.url(),
        remoteName: z.string(),
        entries: z.array(z.looseObject({})),
      }),
    )
    .optional(),
  monitors: z.array(z.looseObject({ name: z.string(), url: z.url() })).optional(),
  schedule: z.array(z.looseObject({ name: z.string(), proxy: z.string(), atMs: ms, forMs: ms, behaviors })),
  thresholds: z.array(threshold),
  influx: z.looseObject({ url: z.url(), bucket: z.string(), org: z.string(), token: z.string() }).optional(),
  grafana: z.url().optional(),
});

const metadata = z.looseObject({
  versions: z.looseObject({ loads: z.string(), node: z.string() }),
  host: z.looseObject({ name: z.string(), system: z.string(), cpus: z.number(), memoryBytes: z.number() }),
  git: z.looseObject({ revision: z.string().optional(), branch: z.string().optional(), dirty: z.boolean() }).optional(),
});

/**
 * What has to be in `run.json`, so that a damaged one is told from a bug: all that readers of a run rely on. That the plan
 * makes sense was looked at when it was made.
 */
export const recordSchema: z.ZodType = z.looseObject({
  version: z.literal(1),
  run: z.string(),
  plan,
  launcher: z.string(),
  createdAt: z.string(),
  judging: z.looseObject({ tolerateLostNodes: z.boolean(), failAt: z.number().optional() }),
  directory: z.string().optional(),
  docker: z.looseObject({ hosts: z.array(z.string()), foreign: z.boolean() }).optional(),
  labels: names.optional(),
  commandLine: z.array(z.string()).optional(),
  metadata: metadata.optional(),
});
