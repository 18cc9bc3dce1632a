import { lookup } from 'node:dns/promises';
import { parseAddress } from '@loads/core';
import * as z from 'zod';
import { type Endpoint, formatEndpoint } from '../proxy/endpoint.ts';

/** Reads `host:port`, `[::1]:port`, `:port` (the loopback) or `unix:/path`; undefined when it is neither. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const path = /^unix:(.+)$/.exec(text)?.[1];
  return path === undefined ? parseAddress(text) : { path };
}

/** The schema of an endpoint, written as a text. */
export const endpointSchema: z.ZodType<Endpoint, string> = z
  .string({ error: 'expected host:port or unix:/path' })
  .transform((text, context) => {
    const endpoint = parseEndpoint(text);
    if (endpoint) return endpoint;
    context.addIssue({ code: 'custom', message: `expected host:port or unix:/path, got '${text}'` });
    return z.NEVER;
  });

/** The schema of a backend: a port to connect to is never 0. */
export const backendSchema: z.ZodType<Endpoint, string> = endpointSchema.refine(
  (endpoint) => 'path' in endpoint || endpoint.port > 0,
  'expected a port over 0',
);

/** Why a backend cannot be meant: its host has no address. Undefined when it has, or needs none. */
export async function unresolvable(endpoint: Endpoint): Promise<string | undefined> {
  if ('path' in endpoint) return undefined;
  try {
    await lookup(endpoint.host);
    return undefined;
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `the host of ${formatEndpoint(endpoint)} does not resolve (${why})`;
  }
}
