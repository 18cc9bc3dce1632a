import type { ScheduleEntry } from './schedule.ts';

export type Phase = 'setup' | 'steady' | 'chaos' | 'recovery' | 'teardown';

/** Where a sample stands on the schedule: its phase, and the names of the entries that it overlapped, joined by `+`. */
export type PhaseStamp = { readonly phase: Phase; readonly fault: string };

const STEADY: PhaseStamp = { phase: 'steady', fault: '' };
const RECOVERY: PhaseStamp = { phase: 'recovery', fault: '' };

/**
 * Says to which phase a sample belongs that began at `fromMs` and ended at `toMs` (ms from the start of the run).
 * What touches a fault window belongs to it; what began within `recoveryMs` after a window is recovery.
 */
export function phaseOf(
  schedule: readonly ScheduleEntry[],
  recoveryMs: number,
  fromMs: number,
  toMs: number = fromMs,
): PhaseStamp {
  if (schedule.length === 0) return STEADY;
  const touched = schedule.filter((entry) => entry.atMs <= toMs && fromMs < entry.atMs + entry.forMs);
  if (touched.length > 0) return { phase: 'chaos', fault: touched.map((entry) => entry.name).join('+') };
  const recovers = schedule.some((entry) => {
    const end = entry.atMs + entry.forMs;
    return end <= fromMs && fromMs < end + recoveryMs;
  });
  return recovers ? RECOVERY : STEADY;
}
