import type { NodeClock, NodeStart } from '@loads/core';
import type { RunClock } from './run-clock.ts';

/**
 * Begins to watch the clock of the node, at the moment at which its start was read. Gives what is known at any time later: how
 * far the clock is ahead of that of the orchestrator, and how far it was set since.
 */
export function clockWatch(
  clock: RunClock,
  node: number,
  { sentAtMs, aheadMs }: NodeStart,
  wallMs: () => number = Date.now,
): () => NodeClock {
  const readAtMs = clock.now();
  const offsetMs = wallMs() - readAtMs;
  return () => ({
    leastMs: aheadMs?.[node],
    mostMs: sentAtMs === undefined ? undefined : readAtMs - sentAtMs,
    stepMs: Math.round(wallMs() - clock.now() - offsetMs),
  });
}
