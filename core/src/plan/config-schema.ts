import * as z from 'zod';
import { LOAD_SHAPE, type LoadConfig, type ScenarioConfig, scenarioSchema } from '../load/load-schema.ts';
import type { FaultSetting } from '../schedule/schedule.ts';
import { durationSchema } from './duration.ts';
import { type MonitorConfig, monitorsSchema } from './monitor-plan.ts';
import type { Problem } from './problem.ts';
import type { ProxySettings } from './proxy-settings.ts';
import type { InfluxPlan } from './run-plan.ts';

/** What the proxies can do, as far as a configuration speaks of it; given by the package that has them. */
export type FaultCatalog = {
  readonly protocols: readonly string[];
  /**
   * Reads `20:delay,5:error` with its options, `scope` and `match` among them, for a proxy of that protocol (undefined:
   * not known here). Paths of problems are relative to the entry.
   */
  parse(
    spec: string,
    options: Readonly<Record<string, unknown>>,
    protocol: string | undefined,
  ): FaultSetting | { readonly problems: readonly Problem[] };
  /** Takes what belongs to the proxy itself from the keys beside `behavior`; what is left are options of its behaviors. */
  proxy(
    options: Readonly<Record<string, unknown>>,
    protocol: string,
  ): {
    readonly settings: ProxySettings | undefined;
    readonly rest: Readonly<Record<string, unknown>>;
    readonly problems: readonly Problem[];
  };
};

/** A configuration after validation of each key by itself: durations in ms, defaults filled in. */
export type Config = LoadConfig & {
  readonly name?: string | undefined;
  readonly scenario?: string | undefined;
  readonly command?: readonly string[] | undefined;
  /** The command runs once for each worker. */
  readonly perWorker: boolean;
  /** How long each run of the command may take. */
  readonly commandTimeout?: number | undefined;
  /** How long the command may go on after the duration. */
  readonly commandOvertime?: number | undefined;
  readonly target?: string | undefined;
  readonly nodes: number;
  /** Scenario processes of every node. */
  readonly processes: number;
  /** Every node runs all of the load instead of its share. */
  readonly each: boolean;
  /** Loads of single scenarios, by name. */
  readonly scenarios: Readonly<Record<string, ScenarioConfig>>;
  /** Every scenario once, as a functional test. */
  readonly singleRun: boolean;
  /** Run this scenario only. */
  readonly singleMode?: string | undefined;
  /** Weights of scenarios by name, in the place of those that the file gives. */
  readonly weights: Readonly<Record<string, number>>;
  readonly stopOnFailure: boolean;
  /** Search for the highest load that holds; `workers` or `rate` is the highest that is tried. */
  readonly sizing: boolean;
  /** The failures up to which a load holds, percent. */
  readonly sizingTolerance?: number | undefined;
  /** So many failed iterations fail the run. */
  readonly fail?: number | undefined;
  /** Modules (paths or packages) that are loaded before the scenario file. */
  readonly extensions: readonly string[];
  readonly gracefulStop: number;
  readonly recovery: number;
  readonly maxLag?: number | undefined;
  readonly busyWait: boolean;
  readonly seed?: number | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly proxies: Readonly<Record<string, ProxyConfig>>;
  /** Hosts that are watched, by name. */
  readonly monitors: Readonly<Record<string, MonitorConfig>>;
  readonly plugins: readonly string[];
  readonly chaos: readonly ChaosConfig[];
  readonly thresholds: Readonly<Record<string, readonly ThresholdConfig[]>>;
  readonly influx?: InfluxPlan | undefined;
  readonly grafana?: string | undefined;
  /** Where the nodes run. */
  readonly on?: (typeof LAUNCHERS)[number] | undefined;
  readonly docker?: DockerConfig | undefined;
};

/** A threshold as configured. With `abortOnFail` it ends the run as soon as it does not hold. */
export type ThresholdConfig =
  | string
  | {
      readonly threshold: string;
      readonly abortOnFail: boolean;
      /** So long it does not, ms. */
      readonly delayAbortEval: number;
    };

/** The values of `on`. */
export const LAUNCHERS = ['process', 'docker'] as const;

/** How nodes run in containers, and what stands there in the place of the plan's own values. */
export type DockerConfig = {
  readonly hosts: readonly string[];
  readonly network?: string | undefined;
  readonly image?: string | undefined;
  /** As the `docker` command takes it: `512m`. */
  readonly memory?: string | undefined;
  readonly cpus?: number | undefined;
  readonly pids?: number | undefined;
  readonly target?: string | undefined;
  readonly influx?: { readonly url: string; readonly hereUrl?: string | undefined } | undefined;
  readonly proxies: Readonly<Record<string, { readonly backend: string }>>;
};

/** A proxy as configured; keys beyond these are its settings and the options of its behaviors. With `control` it stands elsewhere. */
export type ProxyConfig = {
  readonly control?: string | undefined;
  readonly backend?: string | undefined;
  readonly protocol?: string | undefined;
  readonly behavior?: string | undefined;
  readonly [option: string]: unknown;
};

/** An entry of the schedule as configured; keys beyond these are options of its behaviors. */
export type ChaosConfig = {
  readonly name?: string | undefined;
  /** From the start of the run, or from the end of the entry that it comes after. */
  readonly at?: number | undefined;
  /** The name of another entry, or an option of its behaviors. */
  readonly after?: unknown;
  readonly every?: number | undefined;
  readonly times?: number | undefined;
  readonly within?: number | undefined;
  readonly for: number;
  readonly proxy: string;
  readonly behavior: string;
  readonly optional?: boolean | undefined;
  readonly [option: string]: unknown;
};

const NAME = /^[A-Za-z][A-Za-z0-9_.-]*$/;
const nameSchema = z
  .string()
  .regex(NAME, 'expected a name of letters, digits, `_`, `-` and `.`, that begins with a letter');
const countSchema = z.int({ error: 'expected a whole number' }).min(1, 'expected 1 or more');
const positiveDuration = durationSchema.refine((ms) => ms > 0, 'expected a duration over 0');
const textSchema = z.union([z.string(), z.number(), z.boolean()], { error: 'expected a text' }).transform(String);

const proxySchema = z.looseObject({
  backend: z.string().optional(),
  protocol: z.string().optional(),
  behavior: z.string().optional(),
  control: z.string({ error: 'expected the URL of a control API such as http://127.0.0.1:8080' }).optional(),
});

const chaosSchema = z
  .looseObject({
    name: nameSchema.optional(),
    at: durationSchema.optional(),
    after: z.unknown().optional(),
    every: positiveDuration.optional(),
    times: countSchema.optional(),
    within: positiveDuration.optional(),
    for: positiveDuration,
    proxy: z.string({ error: 'expected the name of a proxy' }),
    behavior: z.string({ error: 'expected behaviors such as `20:delay,5:error`' }),
    optional: z.boolean({ error: 'expected true or false' }).optional(),
  })
  .refine(
    ({ at, every, within, after }) => [at, every, within].some((one) => one !== undefined) || typeof after === 'string',
    {
      path: ['at'],
      message: 'expected when it begins: `at`, `after`, `every` or `within`',
    },
  )
  .refine(({ times, every }) => times === undefined || every !== undefined, {
    path: ['times'],
    message: 'it needs an `every`',
  });

const oneThreshold = z.union(
  [
    z.string(),
    z.strictObject({
      threshold: z.string({ error: 'expected a condition such as `p(95)<300`' }),
      abortOnFail: z.boolean({ error: 'expected true or false' }).default(false),
      delayAbortEval: durationSchema.default(0),
    }),
  ],
  { error: 'expected a condition such as `p(95)<300`, or `{ threshold, abortOnFail, delayAbortEval }`' },
);

const influxSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }),
  bucket: z.string().min(1).default('loads'),
  org: z.string().default(''),
  token: z.string().default(''),
});

/** The section `docker` of the configuration. */
const httpUrlSchema = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' });

export const dockerSchema: z.ZodType<DockerConfig> = z.strictObject({
  hosts: z
    .union([z.string().transform((one) => [one]), z.array(z.string())], { error: 'expected addresses of engines' })
    .default([]),
  network: z.string().min(1).optional(),
  image: z.string().min(1).optional(),
  memory: z.string({ error: 'expected a size such as 512m or 2g' }).optional(),
  cpus: z.number({ error: 'expected a number such as 0.5' }).positive('expected a number over 0').optional(),
  pids: countSchema.optional(),
  target: z.url({ protocol: /^https?$/, error: 'expected an http or https URL such as http://shop:8080' }).optional(),
  influx: z.strictObject({ url: httpUrlSchema, hereUrl: httpUrlSchema.optional() }).optional(),
  proxies: z.record(nameSchema, z.strictObject({ backend: z.string() })).default({}),
});

const schema = z.strictObject({
  name: nameSchema.optional(),
  scenario: z.string({ error: 'expected the path of a scenario file' }).optional(),
  command: z.array(z.string()).min(1, 'expected a program and its arguments').optional(),
  perWorker: z.boolean({ error: 'expected true or false' }).default(false),
  commandTimeout: positiveDuration.optional(),
  commandOvertime: durationSchema.optional(),
  target: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL such as http://127.0.0.1:8080' })
    .optional(),
  nodes: countSchema.default(1),
  processes: countSchema.default(1),
  each: z.boolean({ error: 'expected true or false' }).default(false),
  ...LOAD_SHAPE,
  scenarios: z.record(z.string(), scenarioSchema).default({}),
  singleRun: z.boolean({ error: 'expected true or false' }).default(false),
  singleMode: z.string({ error: 'expected the name of a scenario' }).optional(),
  weights: z
    .record(z.string(), z.number({ error: 'expected a number of 0 or more' }).min(0, 'expected a number of 0 or more'))
    .default({}),
  stopOnFailure: z.boolean({ error: 'expected true or false' }).default(false),
  sizing: z.boolean({ error: 'expected true or false' }).default(false),
  sizingTolerance: z
    .number({ error: 'expected a percentage such as 5' })
    .min(0, 'expected 0 to 100')
    .lt(100, 'expected less than 100')
    .optional(),
  fail: z.union([z.literal(true).transform(() => 1), countSchema], { error: 'expected a whole number' }).optional(),
  extensions: z
    .union([z.string().transform((one) => [one]), z.array(z.string())], { error: 'expected files or packages' })
    .default([]),
  gracefulStop: durationSchema.default(30_000),
  recovery: durationSchema.default(10_000),
  maxLag: durationSchema.optional(),
  busyWait: z.boolean({ error: 'expected true or false' }).default(false),
  seed: z.int({ error: 'expected a whole number' }).optional(),
  env: z.record(z.string(), textSchema).default({}),
  proxies: z.record(nameSchema, proxySchema).default({}),
  monitors: monitorsSchema.default({}),
  plugins: z
    .union([z.string().transform((one) => [one]), z.array(z.string())], { error: 'expected files or packages' })
    .default([]),
  chaos: z.array(chaosSchema).default([]),
  thresholds: z
    .record(z.string(), z.union([oneThreshold.transform((one) => [one]), z.array(oneThreshold)]))
    .default({}),
  influx: influxSchema.optional(),
  on: z.enum(LAUNCHERS, { error: `expected ${LAUNCHERS.join(' or ')}` }).optional(),
  docker: dockerSchema.optional(),
  grafana: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL such as http://localhost:3000' })
    .optional(),
});

/** What a user may write in `loads.yml` (and, key by key, as a flag or in the environment). */
export const configSchema: z.ZodType<Config> = schema;

/** Its keys, with the named runs, which are resolved before the schema is asked. */
export const CONFIG_KEYS: readonly string[] = [...Object.keys(schema.shape), 'runs'];

/** The JSON Schema of `loads.yml`, for editors. A named run takes the same keys as the file itself. */
export function configJsonSchema(): unknown {
  const json = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' });
  const runs = { type: 'object', additionalProperties: { $ref: '#' } } as const;
  return { ...json, properties: { ...json.properties, runs } };
}
