import { Histogram } from '../histogram/histogram.ts';
import { carries, type Series, type Tags } from '../metrics/series.ts';
import type { FaultRecovery } from './recovery.ts';
import type { WindowRecovery } from './window-recovery.ts';

/** The metrics of faults, as series for thresholds: `recovery_time` and `detection_time`, tagged with the fault. */
export function recoverySeries(rows: readonly FaultRecovery[]): readonly Series[] {
  return rows.flatMap(({ fault, windows }) =>
    Object.entries(TIMES).flatMap(([metric, timeOf]): readonly Series[] => {
      const histogram = new Histogram();
      for (const ms of windows.map(timeOf)) if (ms !== undefined) histogram.record(ms);
      return histogram.count === 0 ? [] : [{ metric, tags: { fault }, aggregate: { kind: 'trend', histogram } }];
    }),
  );
}

/** Why a threshold on such a metric has nothing to judge: of some fault that it is about the time is not known. */
export function recoveryObstacle(rows: readonly FaultRecovery[], metric: string, tags: Tags): string | undefined {
  if (metric !== 'recovery_time') return undefined;
  for (const { fault, windows } of rows) {
    if (!carries({ fault }, tags)) continue;
    const unknown = windows.find(({ recoveryMs }) => recoveryMs === undefined);
    if (unknown) return `fault ${fault}: ${unknown.reason}`;
  }
  return undefined;
}

const TIMES: Readonly<Record<string, (window: WindowRecovery) => number | undefined>> = {
  recovery_time: ({ recoveryMs }) => recoveryMs,
  detection_time: ({ detectionMs }) => detectionMs,
};
