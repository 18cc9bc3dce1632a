import * as z from 'zod';

/** What the options of a protocol say about its connections as such. */
export type ConnectionOptions = {
  /** Whether a backend connection that is as good as new when its client leaves waits for the next client. */
  readonly reuse_socket: boolean;
  /** Most bytes that are passed on as one piece; undefined: as the proxy has it. */
  readonly buffer?: number | undefined;
};

const flag = z.boolean({ error: 'expected true or false' });

/** The options under the names of the ancestor; each protocol lists those that it has. */
export const bufferOption: z.ZodOptional<z.ZodInt> = z
  .int()
  .min(1)
  .optional()
  .describe('most bytes that are passed on as one piece; without it `bufsize`');

export const keepAliveOption: z.ZodDefault<z.ZodBoolean> = flag
  .default(true)
  .describe("false: end the client's connection after the answer to its first request");

export const reuseSocketOption: z.ZodDefault<z.ZodBoolean> = flag
  .default(false)
  .describe('leave the backend connection of a client that has gone to the next one, for up to `pool_timeout`');

/** Where a backend connection belongs to its client for good. */
export const noReuseOption: z.ZodDefault<z.ZodBoolean> = flag
  .default(false)
  .describe('without effect here: a backend connection of this protocol belongs to one client');

const schema = z.object({
  reuse_socket: z.boolean().catch(false).default(false),
  buffer: z.int().min(1).optional().catch(undefined),
});

/** Reads them out of a protocol's own options; a protocol that has none of them leaves them at their defaults. */
export function connectionOptions(options: Readonly<Record<string, unknown>> = {}): ConnectionOptions {
  return schema.parse(options);
}
