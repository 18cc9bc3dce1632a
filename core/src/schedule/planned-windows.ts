import type { ScheduleEntry } from './schedule.ts';

/** A fault from its begin to its end, as planned: an entry of the schedule, or the steps of a ramp that follow each other. */
export type PlannedWindow = {
  readonly fault: string;
  readonly proxy: string;
  readonly atMs: number;
  readonly forMs: number;
  /** What is in force in it, in the order of time: one, but for a ramp. */
  readonly entries: readonly ScheduleEntry[];
};

/** The windows of a schedule in the order of their begin. What of one fault follows without a gap is one window. */
export function plannedWindows(schedule: readonly ScheduleEntry[]): readonly PlannedWindow[] {
  const windows: PlannedWindow[] = [];
  const open = new Map<string, number>();
  for (const entry of [...schedule].sort((a, b) => a.atMs - b.atMs)) {
    const { name: fault, proxy, atMs, forMs } = entry;
    const place = open.get(fault);
    const last = place === undefined ? undefined : windows[place];
    if (place !== undefined && last && last.proxy === proxy && last.atMs + last.forMs === atMs) {
      windows[place] = { ...last, forMs: last.forMs + forMs, entries: [...last.entries, entry] };
    } else {
      open.set(fault, windows.push({ fault, proxy, atMs, forMs, entries: [entry] }) - 1);
    }
  }
  return windows;
}
