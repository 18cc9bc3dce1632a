import {
  eventPoint,
  formatPoint,
  judgedEvents,
  judgedRunPoint,
  phaseSpans,
  type RunIdentity,
  type Series,
  type Summary,
  type SummarySource,
  summaryPoints,
  thresholdPoints,
} from '@loads/core';

/**
 * All that is stored of a run as a whole once it is judged, as line protocol: its point in `runs`, its events, thresholds,
 * and figures over all nodes, whose merged `series` are given. The same run gives the same lines, so that storing them twice doubles nothing.
 */
export function runLines(identity: RunIdentity, series: readonly Series[], summary: Summary): readonly string[] {
  const { run, startMs } = identity;
  const { durationMs } = summary;
  const points = [
    judgedRunPoint(identity, summary),
    ...judgedEvents(identity, summary).map((event) => eventPoint(run, event)),
    ...thresholdPoints(identity, summary),
    ...summaryPoints({ run, startMs, durationMs, phases: phasesOf(identity, durationMs), series }),
  ];
  return points.flatMap((point) => formatPoint(point) ?? []);
}

function phasesOf({ plan }: RunIdentity, durationMs: number): SummarySource['phases'] {
  const phases: Partial<Record<keyof SummarySource['phases'], number>> = {};
  for (const { phase, fromMs, toMs } of phaseSpans(plan.schedule, plan.recoveryMs, durationMs)) {
    phases[phase] = (phases[phase] ?? 0) + toMs - fromMs;
  }
  return phases;
}
