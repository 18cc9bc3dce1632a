import * as z from 'zod';
import { LoadsError } from '../errors/loads-error.ts';
import type { ErrorGroup } from '../link/messages.ts';
import { requestExampleSchema } from '../link/request-example.ts';
import type { Scaling } from '../load/scale.ts';
import { type Series, type SeriesJson, seriesFromJson, seriesToJson } from '../metrics/series.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { readTimeline } from '../timeline/timeline-json.ts';
import type { Accounting } from './accounting.ts';
import type { FaultSpan } from './fault-span.ts';
import type { ProcessEnd } from './process-end.ts';

/** How a node's scenario process ended; `running` in a checkpoint, `lost` when it was gone before it said that it was done. */
export type ScenarioEnd = 'running' | 'done' | 'lost';

/** All that a node leaves: the aggregates of its samples, its accounts, and how it ended. */
export type NodeResult = {
  readonly run: string;
  readonly node: number;
  /** False in a checkpoint: the node was still at work when this was written. */
  readonly final: boolean;
  readonly scenario: ScenarioEnd;
  /** How the process ended that was lost, where somebody saw it. */
  readonly processEnd?: ProcessEnd | undefined;
  /** Epoch ms; undefined when it never began. */
  readonly startedAtMs?: number | undefined;
  /** How long after the instant that all nodes were given it began, ms. */
  readonly startLateMs?: number | undefined;
  /** Epoch ms of the last sample or of the end. */
  readonly endedAtMs: number;
  readonly interrupted: number;
  readonly errors: readonly ErrorGroup[];
  readonly commandExit?: number | undefined;
  /** The fixture that threw after the start, and ended the run. */
  readonly setupFailed?: string | undefined;
  /** A feeder without a row left ended the load of a process. */
  readonly rowsUsedUp?: boolean | undefined;
  readonly accounting: Accounting;
  /** The first and last fault of each kind that this node injected, or collected from a proxy that stands elsewhere. */
  readonly faults?: readonly FaultSpan[] | undefined;
  /** How the number of workers was set while it worked. */
  readonly scalings?: readonly Scaling[] | undefined;
  /** What it could not do as the plan says, apart from its scenario; any of it keeps the run from being judged. */
  readonly problems?: readonly string[] | undefined;
  /** How far its clock may be from that of who started it. */
  readonly clock?: NodeClock | undefined;
  /** The node over time. */
  readonly timeline?: Timeline | undefined;
  readonly series: readonly Series[];
};

/** How a node's clock stands to that of the one who started it, as far as messages tell: ms that it is ahead. */
export type NodeClock = {
  /** At least so much: what it said cannot have been sent later than it was read. */
  readonly leastMs?: number | undefined;
  /** At most so much: what it was told cannot have been read before it was sent. */
  readonly mostMs?: number | undefined;
  /** How far it was set while the run went on. */
  readonly stepMs: number;
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
    series: seriesToJson(result.series),
  };
}

/** Reads what `nodeResultToJson` wrote. Throws ERR_RUN_DAMAGED for anything else. */
export function nodeResultFromJson(json: unknown): NodeResult {
  const parsed = envelopeSchema.safeParse(json);
  if (!parsed.success) throw new LoadsError('ERR_RUN_DAMAGED', `not a result file: ${z.prettifyError(parsed.error)}`);
  const { version: _, ...result } = parsed.data as unknown as NodeResultJson;
  return {
    ...result,
    ...(result.timeline && { timeline: readTimeline(result.timeline) }),
    series: seriesFromJson(result.series),
  };
}

const count = z.number().min(0);
const errorSchema = z.object({
  scenario: z.string(),
  failure: z.string(),
  message: z.string(),
  count,
  stack: z.string().optional(),
  example: requestExampleSchema.optional(),
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

const mark = z.object({ id: z.string(), atMs: z.number() });

const envelopeSchema = z.object({
  version: z.literal(RESULT_VERSION, { error: 'written by another version of loads' }),
  run: z.string(),
  node: z.int().min(1),
  final: z.boolean(),
  scenario: z.enum(['running', 'done', 'lost']),
  processEnd: z.object({ code: z.number().optional(), signal: z.string().optional() }).optional(),
  startedAtMs: z.number().optional(),
  startLateMs: z.number().optional(),
  endedAtMs: z.number(),
  interrupted: count,
  errors: z.array(errorSchema),
  commandExit: z.number().optional(),
  setupFailed: z.string().optional(),
  rowsUsedUp: z.boolean().optional(),
  accounting: z.object({
    emitted: count.nullable(),
    received: count,
    stored: count,
    rejected: count,
    kernelDrops: count,
    points: z.object({ written: count, spooled: count, dropped: count, problem: z.string().optional() }).optional(),
  }),
  faults: z
    .array(z.object({ fault: z.string(), proxy: z.string(), behavior: z.string(), first: mark, last: mark }))
    .optional(),
  scalings: z.array(z.object({ atMs: count, workers: count })).optional(),
  problems: z.array(z.string()).optional(),
  clock: z.object({ leastMs: z.number().optional(), mostMs: z.number().optional(), stepMs: z.number() }).optional(),
  timeline: z.unknown().optional(),
  series: z.array(z.object({ metric: z.string(), tags: z.record(z.string(), z.string()), aggregate: aggregateSchema })),
});
