import { type BackendTls, didYouMean, type Problem, type ProxyLimits } from '@loads/core';
import * as z from 'zod';
import { protocols } from '../protocols/registry.ts';
import type { Endpoint } from '../proxy/endpoint.ts';
import type { Rule } from '../proxy/rule.ts';
import {
  type BehaviorDefaults,
  type BehaviorSetting,
  type Options,
  type Problems,
  problemsIn,
  readSetting,
} from './behavior-setting.ts';
import { backendSchema, endpointSchema } from './endpoint-schema.ts';
import { readProxySettings, SETTING_FIELDS } from './proxy-settings.ts';
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

const FIELDS = {
  proxy: endpointSchema.default({ host: '127.0.0.1', port: 0 }).describe('where to listen: host:port or unix:/path'),
  backend: backendSchema.describe('where to forward to: host:port or unix:/path'),
  protocol: z.string().default('tcp').describe('how requests are found in the bytes'),
  behavior: z.string().optional().describe('what befalls which share: 20:delay,5:error; the rest passes'),
  ...SETTING_FIELDS,
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

  if (typeof protocol === 'string') problems.push(...protocolProblems(protocol));
  const carried = readProxySettings(entry, String(protocol), context.protocols);
  // What is wrong with the fields themselves has been told.
  const ofFields = new Set(problemsIn(fields.error).map(({ path }) => String(path[0])));
  if ('problems' in carried) problems.push(...carried.problems.filter(({ path }) => !ofFields.has(String(path[0]))));
  const settings = { protocol: String(protocol), defaults: context.behaviors };
  const wanted = typeof behavior === 'string' || Object.keys(given).length > 0;
  const standing = wanted ? readSetting(String(behavior ?? 'dummy'), given, settings) : undefined;
  if (standing && 'problems' in standing) problems.push(...standing.problems);
  const entries = Array.isArray(schedule) ? readSchedule(schedule, name, settings) : [];
  if ('problems' in entries) problems.push(...entries.problems.map(within('schedule')));

  if (problems.length > 0 || !fields.success || 'problems' in carried) return { problems };
  if ((standing && 'problems' in standing) || 'problems' in entries) return { problems };
  const { proxy: listen, backend } = fields.data;
  const { protocolOptions = {}, limits = {}, backendTls } = carried;
  return {
    name,
    listen,
    backend,
    protocol: settings.protocol,
    protocolOptions,
    limits,
    backendTls,
    standing,
    schedule: entries,
  };
}

function protocolProblems(name: string): readonly Problem[] {
  if (protocols.has(name)) return [];
  const known = [...protocols.keys()];
  const hint = didYouMean(name, known);
  const choice = `there are ${known.join(', ')}`;
  const message = `'${name}' is no protocol; ${hint === undefined ? choice : `did you mean '${hint}'? (${choice})`}`;
  return [{ path: ['protocol'], message }];
}

function within(key: string): (problem: Problem) => Problem {
  return ({ path, message }) => ({ path: [key, ...path], message });
}
