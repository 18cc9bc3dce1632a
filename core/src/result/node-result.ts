import * as z from 'zod';
import { LoadsError } from '../errors/loads-error.ts';
import type { ErrorGroup } from '../link/messages.ts';
import { aggregateFromJson, aggregateToJson } from '../metrics/aggregate.ts';
import type { Series, SeriesJson } from '../metrics/series.ts';
import type { Accounting } from './accounting.ts';

/** How a node's scenario process ended; `running` in a checkpoint, `lost` when it was gone before it said that it was done. */
export type ScenarioEnd = 'running' | 'done' | 'lost';

/** All that a node leaves: the aggregates of its samples, its accounts, and how it ended. */
export type NodeResult = {
  readonly run: string;
  readonly node: number;
  /** False in a checkpoint: the node was still at work when this was written. */
  readonly final: boolean;
  readonly scenario: ScenarioEnd;
  /** Epoch ms; undefined when it never began. */
  readonly startedAtMs?: number | undefined;
  /** Epoch ms of the last sample or of the end. */
  readonly endedAtMs: number;
  readonly interrupted: number;
  readonly errors: readonly ErrorGroup[];
  readonly commandExit?: number | undefined;
  readonly accounting: Accounting;
  readonly series: readonly Series[];
};

/** The current version of the result file. A reader refuses a newer one. */
export const RESULT_VERSION = 1;

export type NodeResultJson = Omit<NodeResult, 'series'> & {
  readonly version: typeof RESULT_VERSION;
  readonly series: readonly SeriesJson[];
};

export function nodeResultToJson(result: NodeResult): NodeResultJson {
  return {
    version: RESULT_VERSION,
    ...result,
    series: result.series.map((one) => ({ ...one, aggregate: aggregateToJson(one.aggregate) })),
  };
}

/** Reads what `nodeResultToJson` wrote. Throws ERR_RUN_DAMAGED for anything else. */
export function nodeResultFromJson(json: unknown): NodeResult {
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) throw new LoadsError('ERR_RUN_DAMAGED', `not a result file: ${z.prettifyError(parsed.error)}`);
  const { version: _, ...result } = parsed.data as unknown as NodeResultJson;
  return {
    ...result,
    series: result.series.map((one) => ({ ...one, aggregate: aggregateFromJson(one.aggregate) })),
  };
}

const count = z.number().min(0);
const errorSchema = z.object({
  scenario: z.string(),
  failure: z.string(),
  message: z.string(),
  count,
  stack: z.string().optional(),
});
/** Of a trend its histogram is left to the histogram's own reader. */
const aggregateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('counter'), sum: z.number() }),
  z.object({ kind: z.literal('rate'), count, sum: count }),
  z.object({ kind: z.literal('trend'), histogram: z.unknown() }),
  z.object({
    kind: z.literal('gauge'),
    last: z.number(),
    lastAtMs: z.number(),
    min: z.number().optional(),
    max: z.number().optional(),
    sum: z.number(),
    count,
  }),
  z.object({ kind: z.literal('set'), members: z.array(z.string()) }),
]);

const envelopeSchema = z.object({
  version: z.literal(RESULT_VERSION, { error: 'written by another version of loads' }),
  run: z.string(),
  node: z.int().min(1),
  final: z.boolean(),
  scenario: z.enum(['running', 'done', 'lost']),
  startedAtMs: z.number().optional(),
  endedAtMs: z.number(),
  interrupted: count,
  errors: z.array(errorSchema),
  commandExit: z.number().optional(),
  accounting: z.object({
    emitted: count.nullable(),
    received: count,
    stored: count,
    rejected: count,
    kernelDrops: count,
    points: z.object({ written: count, spooled: count, dropped: count }).optional(),
  }),
  series: z.array(z.object({ metric: z.string(), tags: z.record(z.string(), z.string()), aggregate: aggregateSchema })),
});
