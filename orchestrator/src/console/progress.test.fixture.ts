import { Histogram, type LiveTotals } from '@loads/core';
import type { Progress } from '../run/running-run.ts';

/** How far a run of two nodes is, with some figures. */
export function progressAt(elapsedMs: number, totals: Partial<LiveTotals> = {}, nodesRunning = 2): Progress {
  const durations = new Histogram();
  for (let ms = 1; ms <= 100; ms++) durations.record(ms);
  const figures = { requests: 4682, failed: 82, iterations: 2400, iterationsFailed: 0, samples: 31_176, faults: 232 };
  return {
    elapsedMs,
    nodesRunning,
    totals: { ...figures, activeFaults: [], durations, names: [], failures: {}, ...totals },
  };
}
