import { durationSchema, type ProxySettings } from '@loads/core';
import * as z from 'zod';
import { protocols } from '../protocols/registry.ts';
import { type Options, type Problems, problemsIn } from './behavior-setting.ts';

const flag = z.boolean({ error: 'expected true or false' });

type SettingFields = {
  readonly timeout: z.ZodDefault<typeof durationSchema>;
  readonly stay_connected: z.ZodDefault<z.ZodBoolean>;
  readonly pool_max_size: z.ZodOptional<z.ZodNumber>;
  readonly pool_timeout: z.ZodDefault<typeof durationSchema>;
  readonly bufsize: z.ZodOptional<z.ZodNumber>;
  readonly backlog: z.ZodDefault<z.ZodNumber>;
  readonly tls_backend: z.ZodDefault<z.ZodBoolean>;
  readonly tls_backend_server_name: z.ZodOptional<z.ZodString>;
  readonly tls_backend_insecure: z.ZodDefault<z.ZodBoolean>;
  readonly protocol_options: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
};

/** The keys of a proxy that say how it carries its traffic. */
export const SETTING_FIELDS: SettingFields = {
  timeout: durationSchema.default(30_000).describe('to connect to the backend: seconds, or 500ms'),
  stay_connected: flag.default(true).describe('keep a client that sends nothing for the timeout'),
  pool_max_size: z.int().min(1).optional().describe('most connections at a time; others are reset'),
  pool_timeout: durationSchema
    .default(30_000)
    .describe('age up to which a backend connection serves further clients, where the protocol has `reuse_socket`'),
  bufsize: z.int().min(1).optional().describe('most bytes that are passed on as one piece'),
  backlog: z.int().min(1).default(8192).describe('connections that wait to be accepted'),
  tls_backend: flag.default(false).describe('TLS towards the backend'),
  tls_backend_server_name: z
    .string({ error: 'expected a name' })
    .min(1, 'expected a name')
    .optional()
    .describe("the name in the backend's certificate, where it is not its host"),
  tls_backend_insecure: flag
    .default(false)
    .describe("do not verify the backend's certificate: whoever answers is taken for it"),
  protocol_options: z.record(z.string(), z.unknown()).default({}).describe("the protocol's options"),
};

const settingsSchema = z.object(SETTING_FIELDS);

/** Reads those keys of a proxy, all others left aside. Gives what they come to, defaults filled in, or all problems. */
export function readProxySettings(
  entry: Options,
  protocol: string,
  defaults: Readonly<Record<string, Options>>,
): ProxySettings | Problems {
  const fields = settingsSchema.safeParse(entry);
  const options = readProtocolOptions(protocol, entry.protocol_options, defaults);
  const problems = [...problemsIn(fields.error), ...('problems' in options ? options.problems : [])];
  if (!fields.success || 'problems' in options) return { problems };
  const { timeout, stay_connected, pool_max_size, pool_timeout, bufsize, backlog, ...tls } = fields.data;
  return {
    protocolOptions: options.options,
    limits: {
      connections: pool_max_size,
      backlog,
      connectMs: timeout,
      idleMs: stay_connected ? undefined : timeout,
      pieceBytes: bufsize,
      poolMs: pool_timeout,
    },
    backendTls: tls.tls_backend
      ? { servername: tls.tls_backend_server_name, rejectUnauthorized: !tls.tls_backend_insecure }
      : undefined,
  };
}

/** A protocol that there is not is told by whoever reads its name. */
function readProtocolOptions(
  protocol: string,
  given: unknown,
  defaults: Readonly<Record<string, Options>>,
): { readonly options: Options } | Problems {
  const plugin = protocols.get(protocol);
  if (!plugin) return { options: {} };
  const own = typeof given === 'object' && given !== null ? given : {};
  const parsed = plugin.options.safeParse({ ...defaults[protocol], ...own });
  if (parsed.success) return { options: parsed.data };
  const problems = problemsIn(parsed.error);
  return { problems: problems.map(({ path, message }) => ({ path: ['protocol_options', ...path], message })) };
}
