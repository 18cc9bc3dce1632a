import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';

/** Cuts the client off. */
export const blackout: BehaviorPlugin = defineBehavior({
  name: 'blackout',
  doc: "Cuts the client's connection at once; the backend is not contacted for it.",
  options: z.strictObject({
    mode: z.enum(['rst', 'fin']).default('rst').describe('how: a TCP reset, or an orderly end without an answer'),
  }),
  create: ({ mode }) => ({ effect: () => ({ kind: 'cut', mode }) }),
});
