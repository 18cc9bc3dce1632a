import { durationSchema } from '@loads/core';
import * as z from 'zod';
import { behaviors } from '../../behaviors/registry.ts';
import { optionsJsonSchema } from '../../plugins/options-schema.ts';
import { problemsIn, readSetting, scopeSchema } from '../behavior-setting.ts';
import { selectorSchema } from '../selector-schema.ts';
import { ApiError } from './api-error.ts';
import { behaviorReply, behaviorView, okReply } from './replies.ts';
import type { ProxyRoute } from './route.ts';

const ttl = durationSchema.refine((ms) => ms > 0, 'expected a duration over 0');
const resetOpen = z.boolean().optional().describe('cut the connections that are open');

const controlSchema = z.looseObject({
  name: z.string({ error: 'expected the name of a behavior, or `20:delay,5:error`' }).describe('`error`, `5:error`'),
  ttl: ttl.optional().describe('after which it ends by itself'),
  resetOpen,
});

const bodySchema = controlSchema
  .extend({ scope: scopeSchema.optional(), match: selectorSchema.optional() })
  .describe('beside these: the options of the behaviors');

const state = okReply.extend(behaviorReply.shape);

/** The live setting of a proxy. */
export const behaviorRoutes: readonly ProxyRoute[] = [
  {
    of: 'proxy',
    method: 'get',
    path: '/behavior',
    summary: 'The behaviors that are set, with their options',
    reply: behaviorReply,
    handle: (_, proxy) => behaviorView(proxy.behavior),
  },
  {
    of: 'proxy',
    method: 'put',
    path: '/behavior',
    summary: 'Sets behaviors at once, also for open connections from their next request on',
    body: bodySchema,
    reply: state,
    errors: [400, 413],
    handle(call, proxy) {
      const body = call.body();
      const control = controlSchema.safeParse(body);
      const { name, ttl: _ttl, resetOpen: _resetOpen, ...given } = body;
      const setting = typeof name === 'string' ? readSetting(name, given, proxy.settings) : { problems: [] };
      if (!control.success || 'problems' in setting) {
        const found = 'problems' in setting ? setting.problems : [];
        throw ApiError.ofBody([...problemsIn(control.error), ...found], { behavior: 'name' });
      }
      const { data } = control;
      return ok(behaviorView(proxy.set(setting, { ttlMs: data.ttl, resetOpen: data.resetOpen })));
    },
  },
  {
    of: 'proxy',
    method: 'patch',
    path: '/behavior',
    summary: 'Gives the live setting a new time to live; it goes on without a seam',
    body: z.strictObject({ ttl }),
    reply: state,
    errors: [400, 409, 413],
    handle(call, proxy) {
      const parsed = z.strictObject({ ttl }).safeParse(call.body());
      if (!parsed.success) throw ApiError.ofBody(problemsIn(parsed.error));
      const renewed = proxy.renew(parsed.data.ttl);
      if (renewed) return ok(behaviorView(renewed));
      throw new ApiError(409, [{ location: 'body', name: 'ttl', description: 'there is no live setting to renew' }]);
    },
  },
  {
    of: 'proxy',
    method: 'delete',
    path: '/behavior',
    summary: 'Ends the live setting: the configured behaviors are what is left',
    query: { resetOpen: 'true: cut the connections that are open' },
    reply: state,
    handle: (call, proxy) => ok(behaviorView(proxy.reset({ resetOpen: call.query.get('resetOpen') === 'true' }))),
  },
  {
    of: 'proxy',
    method: 'get',
    path: '/behaviors',
    summary: 'The names of all behaviors, with the schemas of their options; plug-ins included',
    reply: z.object({ behaviors: z.array(z.string()), schemas: z.record(z.string(), z.unknown()) }),
    handle: () => ({
      behaviors: [...behaviors.keys()].sort(),
      schemas: Object.fromEntries([...behaviors.values()].map((plugin) => [plugin.name, optionsJsonSchema(plugin)])),
    }),
  },
];

function ok(fields: Readonly<Record<string, unknown>>): unknown {
  return { status: 'ok', ...fields };
}
