import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';

/** Cuts the client off. */
export const blackout: BehaviorPlugin = defineBehavior({
  name: 'blackout',
  doc:
    "Cuts the client's connection at once; the backend is not contacted for it. `refuse` at 100 % also closes the " +
    'listening socket, so that new connections are refused; at a lower share it is a reset.',
  options: z.strictObject({
    mode: z
      .enum(['rst', 'fin', 'refuse'])
      .default('rst')
      .describe('how: a TCP reset, an orderly end without an answer, or nobody who listens'),
  }),
  create: ({ mode }) => ({
    effect: () => ({ kind: 'cut', mode: mode === 'fin' ? 'fin' : 'rst' }),
    refuses: mode === 'refuse',
  }),
});
