import { register } from '../plugins/register.ts';
import { abort } from './abort.ts';
import type { BehaviorPlugin } from './behavior.ts';
import { blackout } from './blackout.ts';
import { delay } from './delay.ts';
import { dummy } from './dummy.ts';
import { error } from './error.ts';
import { hang } from './hang.ts';
import { transient } from './transient.ts';

const registered = new Map<string, BehaviorPlugin>();

/** Every behavior by its name, in the order in which they are listed to the user. */
export const behaviors: ReadonlyMap<string, BehaviorPlugin> = registered;

/** Adds a behavior, as the built-in ones are. Throws ERR_CONFIG when its name is taken. */
export function registerBehavior(plugin: BehaviorPlugin): void {
  register(registered, 'behavior', plugin);
}

for (const plugin of [blackout, delay, dummy, error, hang, transient, abort]) registerBehavior(plugin);
