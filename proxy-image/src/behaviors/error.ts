import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';
import { errorEffect, errorOptions } from './error-options.ts';

/** Answers with the protocol's own error. */
export const error: BehaviorPlugin = defineBehavior({
  name: 'error',
  doc:
    'Answers with an error that is native to the protocol and carries the id of the fault; the connection stays open ' +
    'where the protocol allows. Raw tcp has no errors: there the answer is 1000 random bytes and an end.',
  options: z.strictObject({
    ...errorOptions,
    warmup: z.int().min(0).default(0).describe('so many requests pass before the first error'),
  }),
  create: ({ warmup, ...options }) => {
    let count = 0;
    const effect = errorEffect(options);
    return { effect: () => (++count > warmup ? effect : { kind: 'pass' }) };
  },
});
