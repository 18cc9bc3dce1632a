import type { Pause } from './load-group.ts';

export type PauseOptions = { readonly delay?: Pause | undefined; readonly pacingMs?: number | undefined };

/**
 * How long a worker waits after an iteration that took `tookMs`, ms: the delay, and at least what its pacing leaves.
 * A slow iteration is not caught up. `draw` in [0, 1) decides within the delay's bounds.
 */
export function pauseAfter(tookMs: number, { delay, pacingMs = 0 }: PauseOptions, draw: () => number): number {
  const pause = delay === undefined ? 0 : delay.minMs + draw() * (delay.maxMs - delay.minMs);
  return Math.max(pause, pacingMs - tookMs, 0);
}
