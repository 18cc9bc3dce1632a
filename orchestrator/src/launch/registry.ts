import type { Launcher } from './launcher.ts';
import { processLauncher } from './process-launcher.ts';

/** Where nodes can run: the values of `--on`. */
export const launchers: ReadonlyMap<string, Launcher> = new Map([[processLauncher.name, processLauncher]]);
