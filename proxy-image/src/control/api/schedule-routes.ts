import * as z from 'zod';
import { problemsIn } from '../behavior-setting.ts';
import { readSchedule, scheduleEntrySchema } from '../read-schedule.ts';
import { ApiError } from './api-error.ts';
import { okReply, scheduleReply, scheduleView } from './replies.ts';
import type { ProxyRoute } from './route.ts';

const bodySchema = z.strictObject({
  startAtMs: z.number().optional().describe('epoch ms from which times count; default: now'),
  entries: z.array(scheduleEntrySchema),
});
const shapeSchema = bodySchema.extend({ entries: z.array(z.unknown(), { error: 'expected a list of entries' }) });

/** The schedule of a proxy. */
export const scheduleRoutes: readonly ProxyRoute[] = [
  {
    of: 'proxy',
    method: 'get',
    path: '/schedule',
    summary: 'The schedule, and which of its entries are in force',
    reply: scheduleReply,
    handle: (_, proxy) => scheduleView(proxy),
  },
  {
    of: 'proxy',
    method: 'put',
    path: '/schedule',
    summary: 'Keeps a schedule in the place of the one before',
    body: bodySchema,
    reply: okReply.extend(scheduleReply.shape),
    errors: [400, 413],
    handle(call, proxy) {
      const body = call.body();
      const shape = shapeSchema.safeParse(body);
      const given = Array.isArray(body.entries) ? body.entries : [];
      const entries = readSchedule(given, proxy.name, proxy.settings);
      if (!shape.success || 'problems' in entries) {
        const found = 'problems' in entries ? entries.problems : [];
        const within = found.map(({ path, message }) => ({ path: ['entries', ...path], message }));
        throw ApiError.ofBody([...problemsIn(shape.error), ...within]);
      }
      const { startAtMs = call.vaurien.clock.now() } = shape.data;
      proxy.setSchedule({ startAtMs, entries });
      return { status: 'ok', ...scheduleView(proxy) };
    },
  },
  {
    of: 'proxy',
    method: 'delete',
    path: '/schedule',
    summary: 'Ends the schedule and the faults of its entries',
    reply: okReply,
    handle(_, proxy) {
      proxy.setSchedule(undefined);
      return { status: 'ok' };
    },
  },
];
