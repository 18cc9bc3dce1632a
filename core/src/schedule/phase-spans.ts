import type { PhaseStamp } from './phase.ts';
import { phaseLookup } from './phase-lookup.ts';
import { changesOf, type ScheduleEntry } from './schedule.ts';

/** A stretch of the run, in ms from its start, in which the phase and the faults in force do not change. */
export type PhaseSpan = PhaseStamp & { readonly fromMs: number; readonly toMs: number };

/** Cuts a run of `durationMs` into its phases, in order and without gaps. */
export function phaseSpans(
  schedule: readonly ScheduleEntry[],
  recoveryMs: number,
  durationMs: number,
): readonly PhaseSpan[] {
  const recoveryEnds = schedule.map((entry) => entry.atMs + entry.forMs + recoveryMs);
  const cuts = [...new Set([0, ...changesOf(schedule), ...recoveryEnds, durationMs])]
    .filter((moment) => moment >= 0 && moment <= durationMs)
    .sort((a, b) => a - b);
  const lookUp = phaseLookup(schedule, recoveryMs);
  const spans: PhaseSpan[] = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [fromMs = 0, toMs = 0] = [cuts[i], cuts[i + 1]];
    const stamp = lookUp(fromMs);
    const last = spans.at(-1);
    if (last && last.phase === stamp.phase && last.fault === stamp.fault) spans[spans.length - 1] = { ...last, toMs };
    else spans.push({ ...stamp, fromMs, toMs });
  }
  return spans;
}
