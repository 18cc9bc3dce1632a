import { REQUEST_METRICS } from '../metrics/request-metrics.ts';
import { type Series, select } from '../metrics/series.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { protocolTracks } from '../timeline/protocol-tracks.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { closedWindows, disturbances } from './disturbance.ts';
import { type Judged, judge } from './judge.ts';
import { overProtocols } from './over-protocols.ts';
import type { Performance } from './run-step.ts';
import type { WindowRecovery } from './window-recovery.ts';

/** An entry of the schedule, with all of its windows. */
export type FaultRecovery = {
  readonly fault: string;
  readonly windows: readonly WindowRecovery[];
  /** Requests that overlapped it, and those of them that failed. */
  readonly requests: number;
  readonly failed: number;
  /** How many of these are beyond what fails in the steady phase. */
  readonly failedBecause: number;
};

type Measured = { readonly series: readonly Series[]; readonly timeline: Timeline; readonly durationMs: number };

/** What each disturbance did, in the order of time, to the requests of a protocol. */
type Course = { readonly protocol: string | undefined; readonly judged: readonly Judged[] };

/** How a run got over its faults, entry by entry in the order of the schedule. The definitions are in docs/verdict.md. */
export function recoveries(plan: RunPlan, { series, timeline, durationMs }: Measured): readonly FaultRecovery[] {
  const endMs = Math.min(durationMs, plan.durationMs ?? durationMs);
  const { load, total } = timeline;
  const spoken = protocolTracks(timeline);
  const courses = (spoken.length > 0 ? spoken : [total]).map((track): Course => {
    return { protocol: track.protocol, judged: course(plan, timeline, { track, load }, endMs) };
  });
  const windows = overProtocols(courses.map(({ judged }) => judged));
  return [...new Set(plan.schedule.map(({ name }) => name))].flatMap((fault): readonly FaultRecovery[] => {
    const own = windows.filter((window) => window.fault === fault);
    return own.length === 0 ? [] : [{ fault, windows: own, ...failuresOf(fault, series, courses) }];
  });
}

function course(plan: RunPlan, { windows }: Timeline, performance: Performance, endMs: number): readonly Judged[] {
  const groups = disturbances(closedWindows(plan.schedule, windows, endMs));
  const judged: Judged[] = [];
  for (const [i, group] of groups.entries()) {
    const untilMs = groups[i + 1]?.fromMs ?? endMs;
    const troubled = judged.map((one) => one.troubled);
    judged.push(judge({ plan, performance, group, untilMs, endMs, troubled }));
  }
  return judged;
}

function failuresOf(
  fault: string,
  series: readonly Series[],
  courses: readonly Course[],
): Omit<FaultRecovery, 'fault' | 'windows'> {
  let [requests, failed, failedBecause] = [0, 0, 0];
  for (const metrics of REQUEST_METRICS) {
    const found = select(series, metrics.failed, { fault });
    if (found?.kind !== 'rate') continue;
    const judged = courses.find(({ protocol }) => protocol === metrics.protocol)?.judged;
    const met = judged?.find(({ windows }) => windows.some((window) => window.fault === fault));
    requests += found.count;
    failed += found.sum;
    failedBecause += Math.max(0, Math.round(found.sum - (met?.steady?.failedRatio ?? 0) * found.count));
  }
  return { requests, failed, failedBecause };
}
