import { durationSchema } from '@loads/core';
import { type BehaviorPlugin, defineBehavior } from '@loads/vaurien';
import * as z from 'zod';

export const coldStart: BehaviorPlugin = defineBehavior({
  name: 'cold-start',
  doc: 'Holds the first request of each connection, as a service does that fills its caches.',
  options: z.strictObject({
    sleep: durationSchema.default(500).describe('how long it is held'),
  }),
  create: ({ sleep }) => ({
    // Over tcp there is one unit, the connection, and its number is 0.
    effect: ({ request }) => (request <= 1 ? { kind: 'hold', side: 'request', ms: sleep } : { kind: 'pass' }),
  }),
});
