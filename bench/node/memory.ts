import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from '../proxy/memory.ts';
import { startLoads } from './loads-client.ts';
import { CLIENT_CORE, pin } from './pin.ts';
import type { Target } from './target.ts';

const IDLE_SCENARIO = join(import.meta.dirname, 'idle-scenario.ts');
const LOAD_SCENARIO = join(import.meta.dirname, 'loads-scenario.ts');
/** From the last worker's request until what it left behind has been collected, s. */
const SETTLE = 5;
const POLL_MS = 100;
/** Longer than any measurement: the run is stopped. */
const LONG = 600;

type MemoryRun = { readonly target: Target; readonly dir: string; readonly signal: AbortSignal };

/**
 * What one idle worker costs the scenario process, bytes: each has made one request, keeps its connection, and waits.
 * The difference between so many workers and a few, so what the process has anyway does not count.
 */
export async function bytesPerIdleWorker(workers: number, run: MemoryRun): Promise<number> {
  const few = 100;
  const [less, more] = [await idleBytes(few, run), await idleBytes(workers, run)];
  return (more - less) / (workers - few);
}

async function idleBytes(workers: number, { target, dir, signal }: MemoryRun): Promise<number> {
  const before = await target.answered();
  const load = { url: target.url, connections: workers, seconds: LONG, dir };
  await using client = await startLoads(IDLE_SCENARIO, load, signal);
  while ((await target.answered()) - before < workers) await sleep(POLL_MS, undefined, { signal });
  await sleep(SETTLE * 1000, undefined, { signal });
  return residentBytes(client.pid);
}

export type SoakTenth = {
  /** Resident memory of the scenario process at its end, MiB. */
  readonly residentMiB: number;
  readonly requestsPerSecond: number;
};

/**
 * Runs at full rate for a time, s, and tells `onTenth` of each tenth of it. Throws an Error when the run fails, or counts
 * other than the server does.
 */
export async function soak(
  { target, dir, signal }: MemoryRun,
  {
    connections,
    seconds,
    pinned,
  }: { readonly connections: number; readonly seconds: number; readonly pinned: boolean },
  onTenth: (tenth: SoakTenth) => void,
): Promise<void> {
  const load = { url: target.url, connections, seconds: seconds + SETTLE, dir };
  const first = await target.answered();
  await using client = await startLoads(LOAD_SCENARIO, load, signal);
  if (pinned) pin(client.pid, CLIENT_CORE);
  let before = { answered: first, atMs: performance.now() };
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    await sleep(seconds * 100, undefined, { signal });
    const now = { answered: await target.answered(), atMs: performance.now() };
    const requestsPerSecond = ((now.answered - before.answered) * 1000) / (now.atMs - before.atMs);
    onTenth({ residentMiB: residentBytes(client.pid) / 1024 ** 2, requestsPerSecond });
    before = now;
  }
  const counted = await client.finish();
  const served = (await target.answered()) - first;
  if (counted !== served) throw new Error(`loads counted ${counted} answers, and the server gave ${served}`);
}
