import { readFile } from 'node:fs/promises';
import type { Engine } from '../../engine/engine.ts';

/** Connections are files, and many engines give 1024. */
const NOFILE = 65_536;

/**
 * How many open files to ask of the engines for each container. An engine of this machine that may not have so many
 * itself would refuse: undefined then, which is as many as it has.
 */
export async function openFiles(engines: readonly Engine[]): Promise<number | undefined> {
  if (!engines.every(({ isLocal }) => isLocal)) return NOFILE;
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(text)?.[1];
  return hard !== undefined && Number(hard) < NOFILE ? undefined : NOFILE;
}
