import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';

/** Answers with the protocol's own error instead of forwarding. */
export const error: BehaviorPlugin = defineBehavior({
  name: 'error',
  doc:
    'Answers with an error that is native to the protocol; the backend never sees the request, and the connection ' +
    'stays open where the protocol allows. Raw tcp has no errors: there the answer is 1000 random bytes and an end.',
  options: z.strictObject({
    code: z
      .int()
      .min(400)
      .max(599)
      .optional()
      .describe('http: the status; without it 500, 501, 502 or 503, drawn from the seed'),
    body: z
      .string()
      .optional()
      .describe(
        'http: the body of the answer, in which {id} stands for the id of the fault; without it one line of text',
      ),
  }),
  create: ({ code, body }) => ({ effect: () => ({ kind: 'answer', code, body }) }),
});
