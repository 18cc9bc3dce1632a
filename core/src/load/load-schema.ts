import * as z from 'zod';
import { durationSchema, parseDuration } from '../plan/duration.ts';
import type { Spacing } from './arrivals.ts';
import type { Pause } from './load-group.ts';
import { parseRate } from './rate.ts';

/** A stage as configured: how long it takes (ms), and the workers or the rate (per second) at its end. */
export type StageConfig = {
  readonly for: number;
  readonly workers?: number | undefined;
  readonly rate?: number | undefined;
};

/** The keys that say how load is made, of a run or of one scenario. Durations in ms, rates per second. */
export type LoadConfig = {
  /** One number, or one for each cycle (`10:20:30`). */
  readonly workers?: readonly number[] | undefined;
  readonly maxWorkers?: number | undefined;
  readonly duration?: number | undefined;
  readonly rate?: number | undefined;
  readonly arrivals?: Spacing | undefined;
  readonly stages?: readonly StageConfig[] | undefined;
  readonly iterations?: number | undefined;
  readonly hits?: readonly number[] | undefined;
  readonly maxRuns?: number | undefined;
  readonly rampUp?: number | undefined;
  readonly delay?: Pause | undefined;
  readonly pacing?: number | undefined;
};

/** A scenario of the file with a load of its own. */
export type ScenarioConfig = LoadConfig & { readonly at: number };

const countSchema = z.int({ error: 'expected a whole number' }).min(1, 'expected 1 or more');
const positiveDuration = durationSchema.refine((ms) => ms > 0, 'expected a duration over 0');

/** `20`, or `10:20:30`: one count after the other. */
const cyclesSchema: z.ZodType<readonly number[], string | number> = z
  .union([countSchema.transform((one) => [one]), z.string()], {
    error: 'expected a whole number of 1 or more, or cycles such as 10:20:30',
  })
  .transform((value, context) => {
    if (typeof value !== 'string') return value;
    const counts = value.split(':').map((part) => (/^\d+$/.test(part.trim()) ? Number(part) : 0));
    if (counts.every((one) => one > 0)) return counts;
    context.addIssue({
      code: 'custom',
      message: `expected a whole number of 1 or more, or cycles such as 10:20:30, got '${value}'`,
    });
    return z.NEVER;
  });

const rateSchema: z.ZodType<number, string | number> = z
  .union([z.string(), z.number()], { error: 'expected a rate such as 500/s or 30/m' })
  .transform((value, context) => {
    const rate = parseRate(value);
    if (rate !== undefined) return rate;
    context.addIssue({ code: 'custom', message: `expected a rate such as 500/s or 30/m, got '${value}'` });
    return z.NEVER;
  });

/** `1s`, or `1s-3s` for a pause that is drawn anew each time. */
const pauseSchema: z.ZodType<Pause, string | number> = z
  .union([z.string(), z.number()], { error: 'expected a pause such as 1s or 1s-3s' })
  .transform((value, context) => {
    const parts = typeof value === 'number' ? [value] : value.split('-');
    const [min, max = min] = parts.map(parseDuration);
    if (min !== undefined && max !== undefined && min <= max && parts.length <= 2) return { minMs: min, maxMs: max };
    context.addIssue({ code: 'custom', message: `expected a pause such as 1s or 1s-3s, got '${value}'` });
    return z.NEVER;
  });

const stageSchema = z
  .strictObject({
    for: durationSchema,
    workers: z
      .int({ error: 'expected a whole number of workers, as in 30s:100' })
      .min(0, 'expected 0 or more')
      .optional(),
    rate: rateSchema.optional(),
  })
  .refine(({ workers, rate }) => (workers === undefined) !== (rate === undefined), 'expected `workers` or `rate`');

const loadShape = {
  workers: cyclesSchema.optional(),
  maxWorkers: countSchema.optional(),
  duration: positiveDuration.optional(),
  rate: rateSchema.optional(),
  arrivals: z.enum(['even', 'poisson'], { error: 'expected `even` or `poisson`' }).optional(),
  stages: z.array(stageSchema).min(1, 'expected at least one stage').optional(),
  iterations: countSchema.optional(),
  hits: cyclesSchema.optional(),
  maxRuns: countSchema.optional(),
  rampUp: durationSchema.optional(),
  delay: pauseSchema.optional(),
  pacing: durationSchema.optional(),
};

/** The schema of a scenario's own load. */
export const scenarioSchema: z.ZodType<ScenarioConfig> = z.strictObject({
  at: durationSchema.default(0),
  ...loadShape,
});

export type LoadShape = {
  readonly [Key in keyof LoadConfig]-?: z.ZodOptional<z.ZodType<NonNullable<LoadConfig[Key]>>>;
};

/** The same keys for the schema of a whole configuration. */
export const LOAD_SHAPE: LoadShape = loadShape;
export const LOAD_KEYS: readonly string[] = Object.keys(loadShape);
