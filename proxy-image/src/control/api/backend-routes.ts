import * as z from 'zod';
import { formatEndpoint } from '../../proxy/endpoint.ts';
import { problemsIn } from '../behavior-setting.ts';
import { backendSchema, unresolvable } from '../endpoint-schema.ts';
import { ApiError } from './api-error.ts';
import { connectionReply, okReply } from './replies.ts';
import type { ProxyRoute } from './route.ts';

const bodySchema = z.strictObject({ backend: backendSchema });

/** Where a proxy forwards to, and whom it serves. */
export const backendRoutes: readonly ProxyRoute[] = [
  {
    of: 'proxy',
    method: 'get',
    path: '/backend',
    summary: 'Where new connections go',
    reply: z.object({ backend: z.string() }),
    handle: (_, proxy) => ({ backend: formatEndpoint(proxy.backend) }),
  },
  {
    of: 'proxy',
    method: 'put',
    path: '/backend',
    summary: 'Sends new connections to another backend; open ones keep theirs',
    body: bodySchema,
    reply: okReply.extend({ backend: z.string() }),
    errors: [400, 413],
    async handle(call, proxy) {
      const parsed = bodySchema.safeParse(call.body());
      if (!parsed.success) throw ApiError.ofBody(problemsIn(parsed.error));
      const { backend } = parsed.data;
      const problem = await unresolvable(backend);
      if (problem !== undefined) throw ApiError.ofBody([{ path: ['backend'], message: problem }]);
      proxy.setBackend(backend);
      return { status: 'ok', backend: formatEndpoint(backend) };
    },
  },
  {
    of: 'proxy',
    method: 'get',
    path: '/connections',
    summary: 'The open connections, oldest first, with the faults in force on them',
    reply: z.object({ connections: z.array(connectionReply) }),
    handle: (_, proxy) => ({ connections: proxy.connections }),
  },
];
