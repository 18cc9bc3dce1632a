import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';
import { errorEffect, errorOptions } from './error-options.ts';

/** Fails a few times, then succeeds: what retries are for. */
export const transient: BehaviorPlugin = defineBehavior({
  name: 'transient',
  doc: 'Answers the first requests with an error, as `error` does, and lets all others pass.',
  options: z.strictObject({
    agitate: z.int().min(1).default(1).describe('so many requests fail'),
    per: z
      .enum(['proxy', 'connection'])
      .default('proxy')
      .describe('counted over the whole proxy, or on each connection'),
    ...errorOptions,
  }),
  create: ({ agitate, per, ...options }) => {
    let count = 0;
    const effect = errorEffect(options);
    const counted = (nth: number): number => (per === 'proxy' ? ++count : nth);
    return { effect: ({ nth }) => (counted(nth) <= agitate ? effect : { kind: 'pass' }) };
  },
});
