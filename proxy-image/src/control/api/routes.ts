import * as z from 'zod';
import { backendRoutes } from './backend-routes.ts';
import { behaviorRoutes } from './behavior-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { openapi, place } from './openapi.ts';
import { proxyRoutes } from './proxy-routes.ts';
import type { Route } from './route.ts';
import { scheduleRoutes } from './schedule-routes.ts';

/** Every route of the control API. */
export function routes(version: string): readonly Route[] {
  const all: readonly Route[] = [
    {
      of: 'process',
      method: 'get',
      path: '/health',
      summary: 'Whether the process is well; needs no token',
      reply: z.object({ status: z.literal('ok'), version: z.string(), proxies: z.int() }),
      handle: ({ vaurien }) => ({ status: 'ok', version, proxies: vaurien.proxies.length }),
    },
    {
      of: 'process',
      method: 'get',
      path: '/openapi.json',
      summary: 'This description',
      reply: z.looseObject({ openapi: z.string() }),
      handle: () => openapi(place(all), version),
    },
    // Before the paths of proxies, which may be called anything.
    ...proxyRoutes,
    ...eventRoutes,
    ...behaviorRoutes,
    ...backendRoutes,
    ...scheduleRoutes,
  ];
  return all;
}
