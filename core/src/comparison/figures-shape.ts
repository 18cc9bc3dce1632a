import * as z from 'zod';
import type { Effect } from '../recovery/window-recovery.ts';
import type { ComparedPhase, RunBrief } from './run-figures.ts';

const count = z.number().min(0);
const ms = z.number().min(0);
const texts = z.record(z.string(), z.string());

/** The keys of a part of a run. */
export const partShape: {
  readonly metric: z.ZodString;
  readonly name: z.ZodOptional<z.ZodString>;
  readonly phase: z.ZodOptional<z.ZodType<ComparedPhase>>;
  readonly fault: z.ZodOptional<z.ZodString>;
} = {
  metric: z
    .string()
    .describe(
      'Of the durations: http_req_duration, grpc_req_duration, ws_waiting, tcp_waiting; iteration_duration where there are none of these.',
    ),
  name: z.string().optional().describe('Of the request, or the scenario; absent: all of them.'),
  phase: z.enum(['steady', 'chaos', 'recovery']).optional(),
  fault: z.string().optional().describe('An entry of the schedule: the samples that met it.'),
};

/** What a fault did to the service. */
export const effectSchema: z.ZodType<Effect> = z.enum(['none', 'degraded', 'collapsed', 'unknown']);

/** The keys of what a run was. */
export const briefShape: { readonly [Key in keyof RunBrief]: z.ZodType<RunBrief[Key]> } = {
  run: z.string(),
  name: z.string(),
  createdAt: z.string().describe('ISO 8601.'),
  outcome: z.enum(['passed', 'failed', 'invalid', 'stopped']),
  durationMs: ms,
  requests: count,
  requestsFailed: count,
  rate: count.describe('Requests per second, over the whole run.'),
  dropped: count.describe('Arrivals that found all workers busy.'),
  labels: texts,
  load: texts.describe('Load and faults in words: runs are comparable where these are the same.'),
  made: texts.describe('What it was made of and with: target, revision, host, versions.'),
};
