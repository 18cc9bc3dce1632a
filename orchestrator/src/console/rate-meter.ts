import type { Progress } from '../run/running-run.ts';
import { volumeOf } from './progress-text.ts';

/** The nodes renew their totals every second: between two readings of the same second there is no rate. */
const SHORTEST_MS = 900;
/** What has not moved for so long stands still. */
const STILL_MS = 2500;

/** Volume per second over the last whole change of the totals. */
export function rateMeter(): (progress: Progress) => number {
  let last = { volume: 0, elapsedMs: 0 };
  let rate = 0;
  return (progress) => {
    const volume = volumeOf(progress);
    const sinceMs = progress.elapsedMs - last.elapsedMs;
    const moved = volume !== last.volume;
    if (moved ? sinceMs >= SHORTEST_MS : sinceMs >= STILL_MS) {
      rate = ((volume - last.volume) / sinceMs) * 1000;
      last = { volume, elapsedMs: progress.elapsedMs };
    }
    return Math.max(0, rate);
  };
}
