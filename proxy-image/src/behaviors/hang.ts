import { durationSchema } from '@loads/core';
import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';

/** Never answers. */
export const hang: BehaviorPlugin = defineBehavior({
  name: 'hang',
  doc:
    'Gives no answer until the client leaves, `max` has passed or the rule ends; then the connection is reset. ' +
    'What the client sends is read and discarded, and never reaches the backend.',
  options: z.strictObject({
    max: durationSchema.optional().describe('how long at most; without it until the rule ends'),
  }),
  create: ({ max }) => ({ effect: () => ({ kind: 'silence', maxMs: max }) }),
});
