import * as z from 'zod';
import { type BehaviorPlugin, defineBehavior } from './behavior.ts';

/** Passes everything: the named form of the remainder. */
export const dummy: BehaviorPlugin = defineBehavior({
  name: 'dummy',
  doc: 'Does nothing: what it hits passes unchanged and is not a fault.',
  options: z.strictObject({}),
  create: () => ({ effect: () => ({ kind: 'pass' }) }),
});
