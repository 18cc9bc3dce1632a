import * as z from 'zod';
import { formatEndpoint } from '../../proxy/endpoint.ts';
import { scopeSchema } from '../behavior-setting.ts';
import type { BehaviorState, ManagedProxy } from '../managed-proxy.ts';
import type { ScheduledSetting } from '../schedule-keeper.ts';
import { selectorSchema } from '../selector-schema.ts';

const epochMs = z.number().describe('epoch ms');
const options = z.record(z.string(), z.unknown());

export const okReply: z.ZodObject = z.object({ status: z.literal('ok') });

export const behaviorReply: z.ZodObject = z.object({
  behavior: z.string().describe('as it was set: `error`, or `20:delay,5:error`'),
  options: options.describe('as they were given'),
  scope: scopeSchema.optional(),
  match: selectorSchema.optional(),
  source: z.enum(['live', 'standing']).describe('set by a controller, or by the configuration'),
  version: z.int().describe('counts the changes of the live setting'),
  expiresAtMs: epochMs.optional(),
  remainingMs: z.number().optional().describe('ms until then'),
  behaviors: z
    .array(z.object({ percent: z.number(), behavior: z.string(), options }))
    .describe('what it comes to: defaults filled in, times in ms'),
});

const mark = z.object({ id: z.string().describe('stands in the injected error too'), atMs: epochMs });

const tallyReply = z.object({
  ...{ fault: z.string().describe('name of the entry'), behavior: z.string(), point: z.string(), count: z.int() },
  ...{ first: mark, last: mark },
});

export const scheduleReply: z.ZodObject = z.object({
  startAtMs: epochMs.optional(),
  run: z.string().optional().describe('the run that holds it'),
  expiresAtMs: epochMs.optional().describe('when the hold of the run ends, unless it is renewed'),
  nowMs: epochMs.describe('now, by the clock of this process'),
  faults: z.array(tallyReply).optional().describe('what the entries of the run have done, exactly'),
  windows: z
    .array(
      z.object({
        ...{ fault: z.string(), proxy: z.string() },
        plannedMs: z.number().describe('when it was to begin, ms from the start'),
        fromMs: z.number().describe('when it began'),
        toMs: z.number().nullable().describe('when it had ended; null: it is in force'),
      }),
    )
    .optional()
    .describe('when the entries of the run have really been in force'),
  active: z.array(z.string()).describe('names of the entries in force'),
  entries: z.array(
    z.looseObject({ name: z.string(), atMs: z.number(), forMs: z.number(), behavior: z.string(), options }),
  ),
});

export const statsReply: z.ZodType = z.record(z.string(), z.number()).describe('counts since the start');

export const proxyReply: z.ZodObject = z.object({
  name: z.string(),
  protocol: z.string(),
  proxy: z.string().describe('where it listens'),
  backend: z.string(),
  behavior: behaviorReply,
  schedule: z.array(z.string()).describe('names of the entries in force'),
  stats: statsReply,
});

export const connectionReply: z.ZodObject = z.object({
  connection: z.int(),
  client: z.string(),
  sinceMs: epochMs,
  requests: z.int(),
  faults: z.array(z.string()).describe('rules in force that have hit it'),
});

export const faultReply: z.ZodObject = z.object({
  seq: z.int().describe('its number in the process, from 1'),
  id: z.string().describe('stands in the injected error too'),
  atMs: epochMs,
  proxy: z.string(),
  protocol: z.string(),
  behavior: z.string(),
  rule: z.string(),
  connection: z.int(),
  request: z.int(),
  operation: z.string(),
  point: z.string(),
  options,
});

export const errorReply: z.ZodObject = z.object({
  status: z.literal('error'),
  errors: z.array(z.object({ location: z.string(), name: z.string(), description: z.string() })),
});

/** A proxy as the API shows it. */
export function proxyView(proxy: ManagedProxy): Readonly<Record<string, unknown>> {
  return {
    name: proxy.name,
    protocol: proxy.protocol,
    proxy: listenText(proxy),
    backend: formatEndpoint(proxy.backend),
    behavior: behaviorView(proxy.behavior),
    schedule: proxy.active,
    stats: proxy.stats,
  };
}

/** Where a proxy listens, as a text. */
export function listenText({ address }: ManagedProxy): string {
  return formatEndpoint(address.port === 0 ? { path: address.host } : address);
}

/** A behavior as the API shows it: what was set first, as the ancestor had it. */
export function behaviorView(state: BehaviorState): Readonly<Record<string, unknown>> {
  const { behavior, options: given, scope, match, source, version, expiresAtMs, remainingMs, behaviors } = state;
  return { behavior, options: given, scope, match, source, version, expiresAtMs, remainingMs, behaviors };
}

/** The schedule of a proxy as the API shows it. */
export function scheduleView(proxy: ManagedProxy, nowMs: number): Readonly<Record<string, unknown>> {
  const { schedule, active, lease } = proxy;
  const entry = ({ name, atMs, forMs, behavior, options: given, scope, match }: ScheduledSetting): unknown => ({
    ...{ name, atMs, forMs, behavior, options: given, scope, match },
  });
  return {
    startAtMs: schedule?.startAtMs,
    run: lease?.run,
    expiresAtMs: lease?.expiresAtMs,
    nowMs,
    faults: lease?.tally.rows,
    windows: lease?.log.windows,
    active,
    entries: (lease?.entries ?? schedule?.entries ?? []).map(entry),
  };
}
