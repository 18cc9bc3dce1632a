import { abort } from './abort.ts';
import type { BehaviorPlugin } from './behavior.ts';
import { blackout } from './blackout.ts';
import { delay } from './delay.ts';
import { dummy } from './dummy.ts';
import { error } from './error.ts';
import { hang } from './hang.ts';
import { transient } from './transient.ts';

/** Every behavior by its name, in the order in which they are listed to the user. */
export const behaviors: ReadonlyMap<string, BehaviorPlugin> = new Map(
  [blackout, delay, dummy, error, hang, transient, abort].map((plugin) => [plugin.name, plugin]),
);
