import { planOf } from '../plan/plan.test.fixture.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { ScheduleEntry } from '../schedule/schedule.ts';
import type { FaultWindow } from '../timeline/fault-window.ts';
import { windowOf } from '../timeline/timeline.test.fixture.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { TimelineRecorder } from '../timeline/timeline-recorder.ts';

/** What a run of one request does in a second. */
export type Second = { readonly count: number; readonly failed?: number; readonly ms?: number };

export function entry(name: string, atMs: number, forMs: number, proxy = 'db'): ScheduleEntry {
  return { name, proxy, atMs, forMs, behaviors: [{ percent: 100, behavior: 'delay', options: {} }] };
}

/** A plan of `seconds` with faults, and a recovery phase of two seconds. */
export function chaosPlanOf(schedule: readonly ScheduleEntry[], seconds = 60, change: Partial<RunPlan> = {}): RunPlan {
  const proxies = [{ name: 'db', backend: { host: 'db', port: 1 }, protocol: 'tcp', behaviors: [] }];
  return planOf({ durationMs: seconds * 1000, recoveryMs: 2000, proxies, schedule, ...change });
}

/** The timeline of a run that does in each second what `at` says: of the second number n, from 0. */
export function timelineOf(
  seconds: number,
  at: (n: number) => Second,
  windows: readonly FaultWindow[] = [],
  protocol = 'http',
): Timeline {
  const recorder = new TimelineRecorder();
  for (let n = 0; n < seconds; n++) {
    const { count, failed = 0, ms = 10 } = at(n);
    const requests = count === 0 ? [] : windowOf('GET /', new Array<number>(count).fill(ms), failed, protocol);
    const vus = windowOf('', [1]).filter(({ metric }) => metric === 'vus');
    recorder.add([...requests.filter(({ metric }) => metric !== 'vus'), ...vus], n * 1000);
  }
  return recorder.timeline(windows);
}
