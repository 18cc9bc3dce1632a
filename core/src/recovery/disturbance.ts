import { plannedWindows } from '../schedule/planned-windows.ts';
import type { ScheduleEntry } from '../schedule/schedule.ts';
import type { FaultWindow } from '../timeline/fault-window.ts';

/** A window with an end. Times are ms from the start of the run. */
export type ClosedWindow = {
  readonly fault: string;
  readonly proxy: string;
  readonly fromMs: number;
  readonly toMs: number;
};

/** Windows that overlap, or follow each other without a pause: what each of them does cannot be told apart at the end. */
export type Disturbance = { readonly windows: readonly ClosedWindow[]; readonly fromMs: number; readonly toMs: number };

/** The windows of a run as they really were; one that nobody saw as it was planned. */
export function closedWindows(
  schedule: readonly ScheduleEntry[],
  seen: readonly FaultWindow[],
  endMs: number,
): readonly ClosedWindow[] {
  const windows = plannedWindows(schedule).map(({ fault, proxy, atMs, forMs }) => {
    const found = seen.find((one) => one.fault === fault && one.proxy === proxy && one.plannedMs === atMs);
    return { fault, proxy, fromMs: found?.fromMs ?? atMs, toMs: found?.toMs ?? atMs + forMs };
  });
  return windows.filter(({ fromMs }) => fromMs < endMs);
}

/** Groups windows into disturbances, in the order of time. */
export function disturbances(windows: readonly ClosedWindow[]): readonly Disturbance[] {
  const groups: Disturbance[] = [];
  for (const window of [...windows].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = groups.at(-1);
    if (last && window.fromMs <= last.toMs) {
      const toMs = Math.max(last.toMs, window.toMs);
      groups[groups.length - 1] = { ...last, windows: [...last.windows, window], toMs };
    } else groups.push({ windows: [window], fromMs: window.fromMs, toMs: window.toMs });
  }
  return groups;
}
