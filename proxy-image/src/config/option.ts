import { formatDuration } from '@loads/core';
import * as z from 'zod';
import { behaviors } from '../behaviors/registry.ts';
import { scopeSchema } from '../control/behavior-setting.ts';
import { proxyEntrySchema } from '../control/read-proxy.ts';
import { headerSchema } from '../control/selector-schema.ts';
import { protocols } from '../protocols/registry.ts';
import { IGNORED, processSchema, statsdSchema } from './process-schema.ts';

/** An option of the command: one key of a file, one flag and one environment variable. */
export type Option = {
  /** Where it stands in a file: `['statsd', 'host']`. */
  readonly path: readonly string[];
  readonly schema: z.ZodType;
  readonly doc: string;
  /** `switch`: true or false; `either`: a value, or none for true. */
  readonly kind: 'value' | 'switch' | 'either';
  /** May be given several times. */
  readonly repeatable?: boolean | undefined;
  /** What stands for it when nobody gives it, for the help. */
  readonly otherwise?: string | undefined;
};

type Shape = Readonly<Record<string, z.ZodType>>;

/** Where the first proxy listens and forwards to when nobody says it: as the ancestor. */
export const FIRST_PROXY = { proxy: 'localhost:8000', backend: 'localhost:80' } as const;

/** Every option but those of behaviors and protocols, in the order of the help. */
export function options(): readonly Option[] {
  const { protocol_options: _options, schedule: _schedule, ...proxy } = proxyEntrySchema.shape as Shape;
  const { statsd: _statsd, ...process } = processSchema.shape as Shape;
  const match = {
    operation: z.string().describe('strike only requests such as `GET /items*`'),
    client: z.string().describe('strike only clients of an address or network'),
    header: headerSchema.describe('strike only HTTP requests whose field contains a text: `x-user: ann`; repeatable'),
    every: z.int().describe('strike only every nth of these'),
  };
  const tls = {
    tls_cert: z.string().describe('certificate for TLS towards the clients (PEM file)'),
    tls_key: z.string().describe('its key (PEM file)'),
    tls_backend_ca: z
      .string()
      .describe('certificates to believe the backend by, instead of those of the system (PEM file)'),
  };
  const ignored = Object.keys(IGNORED).map((key) => [key, z.unknown().describe('taken, without effect')] as const);
  return [
    ...optionsOf([], proxy).map((one) => ({ ...one, otherwise: FIRST[one.path[0] ?? ''] ?? one.otherwise })),
    ...optionsOf([], { scope: scopeSchema }),
    ...optionsOf(['match'], match),
    ...optionsOf([], tls),
    ...optionsOf([], process),
    ...optionsOf(['statsd'], statsdSchema.shape as Shape),
    ...optionsOf([], Object.fromEntries(ignored)).map((one) =>
      one.path[0] === 'sync' ? { ...one, kind: 'switch' as const } : one,
    ),
  ];
}

/** The options of every behavior and protocol there is, plug-ins included. */
export function pluginOptions(): readonly Option[] {
  return [
    ...[...behaviors.values()].flatMap(({ name, options: own }) => optionsOf(['behaviors', name], own.shape as Shape)),
    ...[...protocols.values()].flatMap(({ name, options: own }) => optionsOf(['protocols', name], own.shape as Shape)),
  ];
}

/** The flag of an option, without its dashes, as the ancestor named it: `statsd.sample-rate`, `behavior-delay-sleep`. */
export function flagOf({ path: [first = '', ...rest] }: Pick<Option, 'path'>): string {
  if (first === 'statsd') return `statsd.${rest.join('.')}`.replaceAll('_', '-');
  const group = first === 'behaviors' ? 'behavior' : first === 'protocols' ? 'protocol' : first;
  return [group, ...rest].join('-').replaceAll('_', '-');
}

/** The environment variable of an option: `VAURIEN_STATSD_HOST`. */
export function variableOf(option: Pick<Option, 'path'>): string {
  return `VAURIEN_${flagOf(option)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '_')}`;
}

const FIRST: Readonly<Record<string, string>> = {
  ...FIRST_PROXY,
  behavior: '100:dummy',
  timeout: '30s',
  pool_max_size: 'no limit',
};

function optionsOf(above: readonly string[], shape: Shape): readonly Option[] {
  return Object.entries(shape).map(([key, schema]) => ({
    path: [...above, key],
    schema,
    doc: schema.description ?? '',
    ...shapeOf(schema),
  }));
}

function shapeOf(schema: z.ZodType): Pick<Option, 'kind' | 'otherwise' | 'repeatable'> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  // A choice between plain types is one list of them.
  const types = typesOf(json);
  if (types.includes('array') && types.includes('object')) return { kind: 'value', repeatable: true };
  const { data } = schema.safeParse(undefined);
  // Durations are the only options that are taken as a text and used as a number.
  const duration = typeof data === 'number' && types.includes('string');
  const otherwise =
    data === undefined || typeof data === 'object' ? undefined : duration ? formatDuration(data) : String(data);
  if (json.type === 'boolean') return { kind: 'switch', otherwise };
  return { kind: types.includes('boolean') ? 'either' : 'value', otherwise };
}

type Json = { readonly type?: unknown; readonly anyOf?: readonly Json[] };

function typesOf({ type, anyOf = [] }: Json): readonly unknown[] {
  return [type, ...anyOf.flatMap(typesOf)].flat();
}
