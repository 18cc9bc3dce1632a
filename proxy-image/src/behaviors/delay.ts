import { durationSchema } from '@loads/core';
import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';

/** Adds latency before the backend. */
export const delay: BehaviorPlugin = defineBehavior({
  name: 'delay',
  doc:
    'Holds each request before it is forwarded. Over tcp each chunk from the client is held, counted from its arrival, ' +
    'so that latency grows and bandwidth does not shrink. When the rule ends, what is held flows at once.',
  options: z.strictObject({
    sleep: durationSchema.default(1000).describe('how long a request is held'),
  }),
  create: ({ sleep }) => ({ effect: () => ({ kind: 'hold', ms: sleep }) }),
});
