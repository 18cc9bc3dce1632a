import { didYouMean, durationSchema, type Problem } from '@loads/core';
import * as z from 'zod';
import { protocols } from '../protocols/registry.ts';
import type { BackendTls, Endpoint } from '../proxy/endpoint.ts';
import type { Rule } from '../proxy/rule.ts';
import type { ProxyLimits } from '../proxy/start-proxy.ts';
import {
  type BehaviorDefaults,
  type BehaviorSetting,
  type Options,
  type Problems,
  problemsIn,
  readSetting,
} from './behavior-setting.ts';
import { backendSchema, endpointSchema } from './endpoint-schema.ts';
import { readSchedule } from './read-schedule.ts';
import type { ScheduledSetting } from './schedule-keeper.ts';

/** A proxy, read and found valid. */
export type ProxyDefinition = {
  readonly name: string;
  readonly listen: Endpoint;
  readonly backend: Endpoint;
  readonly protocol: string;
  readonly protocolOptions: Options;
  readonly limits: ProxyLimits;
  /** TLS towards the clients, PEM. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  readonly backendTls?: BackendTls | undefined;
  /** In force by itself, without a controller. */
  readonly standing?: BehaviorSetting | undefined;
  readonly schedule: readonly ScheduledSetting[];
  /** Recorded faults that strike again, in the place of what stands and of the schedule. */
  readonly replay?: readonly Rule[] | undefined;
};

export type ProxyContext = {
  readonly behaviors: BehaviorDefaults;
  /** Options of protocols by the protocol's name. */
  readonly protocols: Readonly<Record<string, Options>>;
};

const flag = z.boolean({ error: 'expected true or false' });

const FIELDS = {
  proxy: endpointSchema.default({ host: '127.0.0.1', port: 0 }).describe('where to listen: host:port or unix:/path'),
  backend: backendSchema.describe('where to forward to: host:port or unix:/path'),
  protocol: z.string().default('tcp').describe('how requests are found in the bytes'),
  behavior: z.string().optional().describe('what befalls which share: 20:delay,5:error; the rest passes'),
  timeout: durationSchema.default(30_000).describe('to connect to the backend: seconds, or 500ms'),
  stay_connected: flag.default(true).describe('keep a client that sends nothing for the timeout'),
  pool_max_size: z.int().min(1).optional().describe('most connections at a time; others are reset'),
  backlog: z.int().min(1).default(8192).describe('connections that wait to be accepted'),
  tls_backend: flag.default(false).describe('TLS towards the backend'),
  protocol_options: z.record(z.string(), z.unknown()).default({}).describe("the protocol's options"),
  schedule: z.array(z.unknown()).default([]).describe('entries with name, at, for, behavior and its options'),
};

const fieldsSchema = z.looseObject(FIELDS);

/** The schema of a proxy's own keys. */
export const proxyEntrySchema: z.ZodObject = fieldsSchema;

export const proxyNameSchema: z.ZodString = z
  .string({ error: 'expected a name' })
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]*$/,
    'expected a name of letters, digits, `_`, `-` and `.`, that begins with a letter',
  );

/** Reads a proxy's entry; keys beyond its own are `scope`, `match` and the options of its behaviors. Gives it, or all problems. */
export function readProxy(name: string, entry: Options, context: ProxyContext): ProxyDefinition | Problems {
  const problems: Problem[] = [...problemsIn(proxyNameSchema.safeParse(name).error)];
  const fields = fieldsSchema.safeParse(entry);
  problems.push(...problemsIn(fields.error));
  const own = new Set(Object.keys(FIELDS));
  const given = Object.fromEntries(Object.entries(entry).filter(([key]) => !own.has(key)));
  const { protocol = 'tcp', behavior, schedule = [] } = entry;

  const options = typeof protocol === 'string' ? readProtocol(protocol, entry.protocol_options, context) : undefined;
  if (options && 'problems' in options) problems.push(...options.problems);
  const settings = { protocol: String(protocol), defaults: context.behaviors };
  const wanted = typeof behavior === 'string' || Object.keys(given).length > 0;
  const standing = wanted ? readSetting(String(behavior ?? 'dummy'), given, settings) : undefined;
  if (standing && 'problems' in standing) problems.push(...standing.problems);
  const entries = Array.isArray(schedule) ? readSchedule(schedule, name, settings) : [];
  if ('problems' in entries) problems.push(...entries.problems.map(within('schedule')));

  if (problems.length > 0 || !fields.success || !options || 'problems' in options) return { problems };
  if ((standing && 'problems' in standing) || 'problems' in entries) return { problems };
  const { proxy: listen, backend, timeout, stay_connected, pool_max_size, backlog, tls_backend } = fields.data;
  return {
    name,
    listen,
    backend,
    protocol: settings.protocol,
    protocolOptions: options.options,
    limits: { connections: pool_max_size, backlog, connectMs: timeout, idleMs: stay_connected ? undefined : timeout },
    backendTls: tls_backend ? {} : undefined,
    standing,
    schedule: entries,
  };
}

function readProtocol(name: string, given: unknown, context: ProxyContext): { readonly options: Options } | Problems {
  const plugin = protocols.get(name);
  if (!plugin) {
    const known = [...protocols.keys()];
    const hint = didYouMean(name, known);
    const choice = `there are ${known.join(', ')}`;
    const message = `'${name}' is no protocol; ${hint === undefined ? choice : `did you mean '${hint}'? (${choice})`}`;
    return { problems: [{ path: ['protocol'], message }] };
  }
  const own = typeof given === 'object' && given !== null ? given : {};
  const parsed = plugin.options.safeParse({ ...context.protocols[name], ...own });
  return parsed.success
    ? { options: parsed.data }
    : { problems: problemsIn(parsed.error).map(within('protocol_options')) };
}

function within(key: string): (problem: Problem) => Problem {
  return ({ path, message }) => ({ path: [key, ...path], message });
}
