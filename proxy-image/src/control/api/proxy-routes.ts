import * as z from 'zod';
import { problemsIn } from '../behavior-setting.ts';
import { unresolvable } from '../endpoint-schema.ts';
import { proxyEntrySchema, proxyNameSchema, readProxy } from '../read-proxy.ts';
import { ApiError } from './api-error.ts';
import { okReply, proxyReply, proxyView } from './replies.ts';
import type { Route } from './route.ts';

const nameSchema = z.looseObject({ name: proxyNameSchema });
const bodySchema = nameSchema
  .extend(proxyEntrySchema.shape)
  .describe('beside these: scope, match, and the options of its behaviors');

/** The proxies of the process. */
export const proxyRoutes: readonly Route[] = [
  {
    of: 'process',
    method: 'get',
    path: '/proxies',
    summary: 'All proxies',
    reply: z.object({ proxies: z.array(proxyReply) }),
    handle: ({ vaurien }) => ({ proxies: vaurien.proxies.map(proxyView) }),
  },
  {
    of: 'process',
    method: 'post',
    path: '/proxies',
    summary: 'Starts a proxy; it listens when this answers',
    body: bodySchema,
    reply: okReply.extend(proxyReply.shape),
    status: 201,
    errors: [400, 409, 413],
    async handle(call) {
      const { vaurien } = call;
      const { name, ...entry } = call.body();
      const named = nameSchema.safeParse({ name });
      if (!named.success) {
        const rest = readProxy('proxy', entry, vaurien.context);
        throw ApiError.ofBody([...problemsIn(named.error), ...('problems' in rest ? rest.problems : [])]);
      }
      const definition = readProxy(named.data.name, entry, vaurien.context);
      if ('problems' in definition) throw ApiError.ofBody(definition.problems);
      const problem = await unresolvable(definition.backend);
      if (problem !== undefined) throw ApiError.ofBody([{ path: ['backend'], message: problem }]);
      if (vaurien.has(definition.name)) {
        const description = `there is a proxy '${definition.name}' already`;
        throw new ApiError(409, [{ location: 'body', name: 'name', description }]);
      }
      return { status: 'ok', ...proxyView(await vaurien.open(definition)) };
    },
  },
  {
    of: 'proxy',
    method: 'get',
    path: '',
    summary: 'The proxy, what is set on it and what it counted',
    reply: proxyReply,
    handle: (_, proxy) => proxyView(proxy),
  },
  {
    of: 'proxy',
    method: 'delete',
    path: '',
    summary: 'Closes the proxy and drops its connections',
    reply: okReply,
    async handle({ vaurien }, proxy) {
      await vaurien.remove(proxy.name);
      return { status: 'ok' };
    },
  },
];
