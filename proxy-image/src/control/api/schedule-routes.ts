import { durationSchema } from '@loads/core';
import * as z from 'zod';
import { problemsIn } from '../behavior-setting.ts';
import type { ManagedProxy } from '../managed-proxy.ts';
import { readSchedule, scheduleEntrySchema } from '../read-schedule.ts';
import { ApiError } from './api-error.ts';
import { okReply, scheduleReply, scheduleView } from './replies.ts';
import type { ProxyRoute } from './route.ts';

const start = {
  startAtMs: z.number().optional().describe('epoch ms from which times count; default: now'),
  startIn: durationSchema.optional().describe('or so long from now, by the clock of this process'),
};
const run = z.string({ error: 'expected the name of a run' }).min(1, 'expected the name of a run');
const ttl = durationSchema.refine((ms) => ms > 0, 'expected a duration over 0');

const bodySchema = z.strictObject({
  ...start,
  run: run.optional().describe('who holds it: until PATCH gives a start nothing begins, and without renewal it ends'),
  ttl: ttl.optional().describe('after which the hold of a run ends, unless it is renewed'),
  entries: z.array(scheduleEntrySchema),
});
const shapeSchema = bodySchema
  .extend({ entries: z.array(z.unknown(), { error: 'expected a list of entries' }) })
  .refine(({ startAtMs, startIn }) => startAtMs === undefined || startIn === undefined, {
    path: ['startIn'],
    message: '`startIn` and `startAtMs` exclude each other',
  })
  .refine((body) => (body.run === undefined) === (body.ttl === undefined), {
    path: ['ttl'],
    message: '`run` and `ttl` go together',
  });

const renewalSchema = z
  .strictObject({ run, ...start, ttl: ttl.optional() })
  .refine((body) => body.startAtMs === undefined || body.startIn === undefined, {
    path: ['startIn'],
    message: '`startIn` and `startAtMs` exclude each other',
  });

/** The schedule of a proxy. */
export const scheduleRoutes: readonly ProxyRoute[] = [
  {
    of: 'proxy',
    method: 'get',
    path: '/schedule',
    summary: 'The schedule, and which of its entries are in force',
    reply: scheduleReply,
    handle: ({ vaurien }, proxy) => scheduleView(proxy, vaurien.clock.now()),
  },
  {
    of: 'proxy',
    method: 'put',
    path: '/schedule',
    summary: 'Keeps a schedule in the place of the one before; that of a run waits for its start',
    body: bodySchema,
    reply: okReply.extend(scheduleReply.shape),
    errors: [400, 409, 413],
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
      const nowMs = call.vaurien.clock.now();
      const { startAtMs, startIn, run: holder, ttl: ttlMs } = shape.data;
      refuseOthers(proxy, holder);
      const startMs = startAtMs ?? (startIn === undefined ? undefined : nowMs + startIn);
      if (holder === undefined || ttlMs === undefined) proxy.setSchedule({ startAtMs: startMs ?? nowMs, entries });
      else {
        proxy.hold(holder, entries, ttlMs);
        if (startMs !== undefined) proxy.begin(startMs);
      }
      return { status: 'ok', ...scheduleView(proxy, nowMs) };
    },
  },
  {
    of: 'proxy',
    method: 'patch',
    path: '/schedule',
    summary: 'Gives the schedule of a run its start, or a new time to live; it goes on without a seam',
    body: renewalSchema,
    reply: okReply.extend(scheduleReply.shape),
    errors: [400, 409, 413],
    handle(call, proxy) {
      const parsed = renewalSchema.safeParse(call.body());
      if (!parsed.success) throw ApiError.ofBody(problemsIn(parsed.error));
      const { run: holder, startAtMs, startIn, ttl: ttlMs } = parsed.data;
      demandHold(proxy, holder, 'body');
      const nowMs = call.vaurien.clock.now();
      if (ttlMs !== undefined) proxy.lease?.renew(ttlMs);
      const startMs = startAtMs ?? (startIn === undefined ? undefined : nowMs + startIn);
      if (startMs !== undefined) proxy.begin(startMs);
      return { status: 'ok', ...scheduleView(proxy, nowMs) };
    },
  },
  {
    of: 'proxy',
    method: 'delete',
    path: '/schedule',
    summary: 'Ends the schedule and the faults of its entries; after that of a run the one before is kept again',
    query: { run: 'ends it only when that run holds it' },
    reply: okReply.extend(scheduleReply.partial().shape),
    errors: [409],
    handle({ query, vaurien }, proxy) {
      const holder = query.get('run');
      if (holder === null) {
        proxy.setSchedule(undefined);
        return { status: 'ok' };
      }
      demandHold(proxy, holder, 'querystring');
      const { lease } = proxy;
      proxy.release();
      // What is told now is the last word: no entry of the run is in force any more.
      return {
        status: 'ok',
        ...scheduleView(proxy, vaurien.clock.now()),
        run: holder,
        faults: lease?.tally.rows,
        windows: lease?.log.windows,
      };
    },
  },
];

function refuseOthers({ lease }: ManagedProxy, holder: string | undefined): void {
  if (!lease || lease.run === holder) return;
  const description = `the run ${lease.run} holds the schedule; DELETE it first, or wait for its end`;
  throw new ApiError(409, [{ location: 'body', name: '', description }]);
}

function demandHold({ lease }: ManagedProxy, holder: string, location: string): void {
  if (lease?.run === holder) return;
  const by = lease ? `the run ${lease.run} does` : 'nobody does';
  throw new ApiError(409, [{ location, name: '', description: `the run ${holder} does not hold the schedule; ${by}` }]);
}
