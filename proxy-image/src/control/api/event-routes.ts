import * as z from 'zod';
import type { RecordedFault } from '../fault-log.ts';
import { ApiError } from './api-error.ts';
import { streamFaults } from './event-stream.ts';
import { faultReply } from './replies.ts';
import type { Call, Route } from './route.ts';

/** The faults, as they are injected. */
export const eventRoutes: readonly Route[] = [
  {
    of: 'process',
    method: 'get',
    path: '/events',
    summary: 'The faults as server-sent events, or the last 1000 as JSON',
    query: {
      format: 'json: a list instead of a stream',
      since: 'only faults after that number; the header Last-Event-ID does the same',
      proxy: 'only the faults of that proxy',
    },
    reply: z.object({
      events: z.array(faultReply),
      lost: z.int().describe('faults that were asked for and are not kept any more'),
    }),
    errors: [400],
    handle(call) {
      const { faults, clock } = call.vaurien;
      const proxy = call.query.get('proxy');
      const wanted = (fault: RecordedFault): boolean => proxy === null || fault.proxy === proxy;
      const after = afterOf(call);
      if (call.query.get('format') === 'json') {
        const { events, lost } = faults.since(after ?? 0);
        return { events: events.filter(wanted), lost };
      }
      streamFaults(call.response, { faults, clock, after, wanted });
      return undefined;
    },
  },
];

function afterOf({ query, request }: Call): number | undefined {
  // A reader that reconnects sends the header, and the address as it was at first.
  const header = request.get('Last-Event-ID');
  const text = header ?? query.get('since');
  if (text === null || text === '') return undefined;
  const seq = Number(text);
  if (Number.isInteger(seq) && seq >= 0) return seq;
  const where =
    header === undefined ? { location: 'querystring', name: 'since' } : { location: 'header', name: 'Last-Event-ID' };
  throw new ApiError(400, [{ ...where, description: `expected the number of a fault, got '${text}'` }]);
}
