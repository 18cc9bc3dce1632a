import { type BehaviorPlugin, defineBehavior } from '@loads/vaurien';
import * as z from 'zod';

/** Makes the behavior with a clock of its own, in ms: tests bring another one. */
export function rateLimiting(now: () => number): BehaviorPlugin {
  return defineBehavior({
    name: 'rate-limit',
    doc: 'Lets so many requests pass each second, and answers the others with an error: a quota that is used up.',
    options: z.strictObject({
      limit: z.number().positive().describe('requests per second, over all connections'),
      burst: z.int().min(1).default(1).describe('so many may come at once'),
      code: z
        .union([z.int(), z.string()])
        .optional()
        .describe("the code of the error; without it the protocol's own default"),
    }),
    create({ limit, burst, code }) {
      // A bucket of tokens: it is made anew with the rule, so it begins full.
      let tokens = burst;
      let filledAt = now();
      return {
        effect() {
          tokens = Math.min(burst, tokens + ((now() - filledAt) / 1000) * limit);
          filledAt = now();
          if (tokens < 1) return { kind: 'answer', code, message: undefined, point: 'before' };
          tokens--;
          return { kind: 'pass' };
        },
      };
    },
  });
}

export const rateLimit: BehaviorPlugin = rateLimiting(() => performance.now());
