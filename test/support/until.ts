import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;
/** What a machine that is busy, or stands still, takes no longer for. */
const PATIENCE_MS = 60_000;

/** Waits until a condition holds, by asking again and again. Throws `problem` when it does not within `timeoutMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  problem: string | (() => string),
  timeoutMs: number = PATIENCE_MS,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`${typeof problem === 'string' ? problem : problem()}, after ${timeoutMs} ms`);
    }
    await sleep(POLL_MS);
  }
}
