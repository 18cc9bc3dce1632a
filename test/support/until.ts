import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** Waits until a condition holds, by asking again and again. Throws `problem` when it does not within `timeoutMs`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  problem: string | (() => string),
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`${typeof problem === 'string' ? problem : problem()}, after ${timeoutMs} ms`);
    }
    await sleep(POLL_MS);
  }
}
