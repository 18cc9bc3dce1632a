import * as z from 'zod';
import type { WeightedBehavior } from '../schedule/schedule.ts';
import { durationSchema } from './duration.ts';
import type { Problem } from './problem.ts';
import type { InfluxPlan } from './run-plan.ts';

/** What the proxies can do, as far as a configuration speaks of it; given by the package that has them. */
export type FaultCatalog = {
  readonly protocols: readonly string[];
  /** Reads `20:delay,5:error` with its options, for a proxy of that protocol. Paths of problems are relative to the entry. */
  parse(
    spec: string,
    options: Readonly<Record<string, unknown>>,
    protocol: string,
  ): readonly WeightedBehavior[] | { readonly problems: readonly Problem[] };
};

/** A configuration after validation of each key by itself: durations in ms, defaults filled in. */
export type Config = {
  readonly name?: string | undefined;
  readonly scenario?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly target?: string | undefined;
  readonly nodes: number;
  readonly workers?: number | undefined;
  readonly duration?: number | undefined;
  readonly gracefulStop: number;
  readonly recovery: number;
  readonly seed?: number | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly proxies: Readonly<Record<string, ProxyConfig>>;
  readonly chaos: readonly ChaosConfig[];
  readonly thresholds: Readonly<Record<string, readonly string[]>>;
  readonly influx?: InfluxPlan | undefined;
};

/** A proxy as configured; keys beyond these are options of its behaviors. */
export type ProxyConfig = {
  readonly backend?: string | undefined;
  readonly protocol: string;
  readonly behavior?: string | undefined;
  readonly [option: string]: unknown;
};

/** An entry of the schedule as configured; keys beyond these are options of its behaviors. */
export type ChaosConfig = {
  readonly name?: string | undefined;
  readonly at: number;
  readonly for: number;
  readonly proxy: string;
  readonly behavior: string;
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
  protocol: z.string().default('tcp'),
  behavior: z.string().optional(),
});

const chaosSchema = z.looseObject({
  name: nameSchema.optional(),
  at: durationSchema,
  for: positiveDuration,
  proxy: z.string({ error: 'expected the name of a proxy' }),
  behavior: z.string({ error: 'expected behaviors such as `20:delay,5:error`' }),
});

const influxSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }),
  bucket: z.string().min(1).default('loads'),
  org: z.string().default(''),
  token: z.string().default(''),
});

/** What a user may write in `loads.yml` (and, key by key, as a flag or in the environment). */
export const configSchema: z.ZodType<Config> = z.strictObject({
  name: nameSchema.optional(),
  scenario: z.string({ error: 'expected the path of a scenario file' }).optional(),
  command: z.array(z.string()).min(1, 'expected a program and its arguments').optional(),
  target: z
    .url({ protocol: /^https?$/, error: 'expected an http or https URL such as http://127.0.0.1:8080' })
    .optional(),
  nodes: countSchema.default(1),
  workers: countSchema.optional(),
  duration: positiveDuration.optional(),
  gracefulStop: durationSchema.default(30_000),
  recovery: durationSchema.default(10_000),
  seed: z.int({ error: 'expected a whole number' }).optional(),
  env: z.record(z.string(), textSchema).default({}),
  proxies: z.record(nameSchema, proxySchema).default({}),
  chaos: z.array(chaosSchema).default([]),
  thresholds: z.record(z.string(), z.union([z.string().transform((one) => [one]), z.array(z.string())])).default({}),
  influx: influxSchema.optional(),
});

/** The JSON Schema of `loads.yml`, for editors. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12', unrepresentable: 'any' });
}
