import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEnd } from '@loads/core';
import type { ScenarioEnd as Scenario } from './foreign-program.ts';
import type { ScenarioProcess } from './scenario-process.ts';

/** How long after the link of a process its end may take, ms. */
const END_MS = 1000;

/**
 * How the process that was lost ended: the one that the sidecar has started, or one that it has started in its turn.
 * Undefined when nobody says so in time: then it lives, or somebody else has started it.
 */
export async function lostEnd(
  started: ScenarioProcess | undefined,
  link: Pick<Scenario, 'lostProcess'>,
): Promise<ProcessEnd | undefined> {
  const known = started ? [started.ended, link.lostProcess] : [link.lostProcess];
  return await Promise.race([...known, sleep(END_MS, undefined, { ref: false })]);
}
