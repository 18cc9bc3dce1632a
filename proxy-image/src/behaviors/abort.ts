import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';

/** Loses the answer of a request that was done. */
export const abort: BehaviorPlugin = defineBehavior({
  name: 'abort',
  doc:
    'Forwards the request, and ends the connection before its answer is whole: the backend did what was asked, and the ' +
    'client does not know. It finds duplicate writes.',
  options: z.strictObject({
    after: z.int().min(0).default(0).describe('so many bytes of the answer still come'),
  }),
  create: ({ after }) => ({ effect: () => ({ kind: 'abort', afterBytes: after }) }),
});
