import { expect, test } from 'vitest';
import { seriesOf } from '../metrics/samples.test.fixture.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { windowOf } from '../timeline/timeline.test.fixture.ts';
import { mergeTimelines, type Timeline } from '../timeline/timeline.ts';
import { TimelineRecorder } from '../timeline/timeline-recorder.ts';
import { type FaultRecovery, recoveries } from './recovery.ts';
import { chaosPlanOf, entry, type Second, timelineOf } from './run.test.fixture.ts';

const STEADY: Second = { count: 100 };
const PLAN = chaosPlanOf([entry('slow', 20_000, 10_000)]);

/** How a run of a minute got over its faults that does `changed` in the seconds from `from` up to `to`, and else is steady. */
function after(from: number, to: number, changed: Second, plan: RunPlan = PLAN): readonly FaultRecovery[] {
  const seconds = (plan.durationMs ?? 0) / 1000;
  const timeline = timelineOf(seconds, (n) => (n >= from && n < to ? changed : STEADY));
  return recoveries(plan, { series: [], timeline, durationMs: plan.durationMs ?? 0 });
}

const only = (rows: readonly FaultRecovery[]): unknown => rows[0]?.windows[0];

test.each<[string, number, number, Second, object]>([
  ['nothing', 20, 20, STEADY, { effect: 'none', recoveryMs: 0 }],
  [
    'latencies as long as the fault',
    20,
    30,
    { count: 100, ms: 50 },
    { effect: 'degraded', detectionMs: 1000, recoveryMs: 0 },
  ],
  [
    'latencies for four seconds more',
    22,
    34,
    { count: 100, ms: 50 },
    { effect: 'degraded', detectionMs: 3000, recoveryMs: 4000 },
  ],
  ['failures', 20, 37, { count: 100, failed: 5 }, { effect: 'degraded', recoveryMs: 7000 }],
  ['a lower rate', 20, 31, { count: 70 }, { effect: 'degraded', recoveryMs: 1000 }],
  ['within the tolerance: the rate', 20, 30, { count: 85 }, { effect: 'none', recoveryMs: 0 }],
  ['within the tolerance: p95', 20, 30, { count: 100, ms: 19 }, { effect: 'none', recoveryMs: 0 }],
  ['within the tolerance: failures', 20, 30, { count: 100, failed: 1 }, { effect: 'none', recoveryMs: 0 }],
  ['no requests at all', 20, 30, { count: 0 }, { effect: 'collapsed', detectionMs: 1000, recoveryMs: 0 }],
  [
    'nothing but failures',
    25,
    31,
    { count: 200, failed: 200 },
    { effect: 'collapsed', detectionMs: 6000, recoveryMs: 1000 },
  ],
  [
    'it shows only when the fault is over',
    30,
    33,
    { count: 100, ms: 50 },
    { effect: 'degraded', detectionMs: 11_000, recoveryMs: 3000 },
  ],
  [
    'it never comes back',
    20,
    60,
    { count: 100, failed: 50 },
    { effect: 'degraded', reason: 'not recovered when the load ended' },
  ],
])('what a fault did: %s', (_, from, to, changed, wanted) => {
  const window = only(after(from, to, changed));
  expect(window).toMatchObject({ fault: 'slow', fromMs: 20_000, toMs: 30_000, stepMs: 1000, ...wanted });
  expect(window && typeof window === 'object' && 'recoveryMs' in window).toBe('recoveryMs' in wanted);
});

test('one good second is no recovery: it has to be good together with the two after it', () => {
  const timeline = timelineOf(60, (n) => (n >= 20 && n < 35 && n !== 32 ? { count: 100, ms: 50 } : STEADY));
  expect(only(recoveries(PLAN, { series: [], timeline, durationMs: 60_000 }))).toMatchObject({ recoveryMs: 5000 });
});

test('a few slow requests soon after it do not put recovery off', () => {
  const timeline = timelineOf(60, (n) => (n >= 20 && n < 31 ? { count: 100, ms: 50 } : { count: 100, ms: 10 }));
  const slow = timelineOf(60, (n) => ({ count: n === 32 ? 8 : 0, ms: 90 }));
  const both = mergeTimelines([timeline, slow]);
  expect(only(recoveries(PLAN, { series: [], timeline: both, durationMs: 60_000 }))).toMatchObject({
    recoveryMs: 1000,
  });
});

test('the window counts as it really was', () => {
  const windows = [{ fault: 'slow', proxy: 'db', plannedMs: 20_000, fromMs: 20_004, toMs: 30_007 }];
  const timeline = timelineOf(60, (n) => (n >= 20 && n < 34 ? { count: 100, ms: 50 } : STEADY), windows);
  const found = only(recoveries(PLAN, { series: [], timeline, durationMs: 60_000 }));
  expect(found).toMatchObject({ fromMs: 20_004, toMs: 30_007, detectionMs: 996, recoveryMs: 3993 });
});

test('faults without a pause between are one disturbance, and have the times of both', () => {
  const plan = chaosPlanOf([entry('slow', 20_000, 10_000), entry('dead', 25_000, 8000)]);
  const rows = after(20, 36, { count: 100, ms: 50 }, plan);
  expect(rows.map(({ fault, windows: [window] }) => [fault, window?.recoveryMs, window?.with])).toEqual([
    ['slow', 3000, ['dead']],
    ['dead', 3000, ['slow']],
  ]);
});

test('a fault that comes before the run is well again ends the wait, and each window has a time of its own', () => {
  const again = [entry('slow', 20_000, 5000), entry('slow', 30_000, 5000)];
  const [row] = after(20, 37, { count: 100, ms: 50 }, chaosPlanOf(again));
  expect(row?.windows).toMatchObject([{ reason: 'not recovered when the next fault began' }, { recoveryMs: 2000 }]);
});

test.each<[string, readonly [number, number], number, string]>([
  [
    'there is no steady phase before or after it',
    [0, 9000],
    10,
    'there is too little of a steady phase to compare with',
  ],
  ['it ends with the load', [50_000, 20_000], 60, 'the load ended before recovery could be seen'],
])('where recovery cannot be judged it is said why: %s', (_, [at, lasts], seconds, reason) => {
  expect(only(after(0, 0, STEADY, chaosPlanOf([entry('slow', at, lasts)], seconds)))).toMatchObject({ reason });
});

test('a run without requests has nothing to tell, and a fault that the run did not reach is not in it', () => {
  expect(only(after(0, 60, { count: 0 }))).toMatchObject({
    effect: 'unknown',
    reason: 'there are no requests to look at',
  });
  const late = chaosPlanOf([entry('slow', 20_000, 10_000)]);
  const timeline = timelineOf(15, () => STEADY);
  expect(recoveries(late, { series: [], timeline, durationMs: 15_000 })).toEqual([]);
});

test('a load that grows is not taken for a service that gets better or worse', () => {
  const profile = [{ forMs: 60_000, from: 50, to: 350 }];
  const model = { kind: 'arrivals' as const, profile, spacing: 'even' as const, workers: 1, maxWorkers: 9 };
  const plan = chaosPlanOf([entry('slow', 20_000, 10_000)], 60, { load: [{ atMs: 0, durationMs: 60_000, model }] });
  const asked = (n: number): number => Math.round(50 + (300 * (n + 0.5)) / 60);
  const timeline = timelineOf(60, (n) => ({ count: n >= 20 && n < 32 ? Math.round(asked(n) * 0.6) : asked(n) }));
  const found = only(recoveries(plan, { series: [], timeline, durationMs: 60_000 }));
  expect(found).toMatchObject({ effect: 'degraded', detectionMs: 1000, recoveryMs: 2000 });
});

test('where seconds have few requests, steps are longer and say so', () => {
  const plan = chaosPlanOf([entry('slow', 120_000, 30_000)], 300);
  const timeline = timelineOf(300, (n) => ({ count: 3, ms: n >= 120 && n < 170 ? 90 : 10 }));
  const found = only(recoveries(plan, { series: [], timeline, durationMs: 300_000 }));
  expect(found).toMatchObject({ stepMs: 8000, effect: 'degraded', recoveryMs: 26_000 });
});

test('noise of the steady phase is no sign of a fault', () => {
  // One second in seven is slow, all the time.
  const timeline = timelineOf(60, (n) => ({ count: 100, ms: n % 7 === 3 ? 40 : 10 }));
  expect(only(recoveries(PLAN, { series: [], timeline, durationMs: 60_000 }))).toMatchObject({ effect: 'none' });
});

test('requests that failed because of a fault are those beyond what fails anyway', () => {
  const timeline = timelineOf(60, (n) => ({ count: 100, failed: n >= 20 && n < 30 ? 40 : 1 }));
  const failed = (value: number, weight: number): object => ({
    ...{ metric: 'http_req_failed', type: 'h', tags: { fault: 'slow', phase: 'chaos' }, value, weight },
  });
  const series = seriesOf([failed(1, 400), failed(0, 600)] as Parameters<typeof seriesOf>[0]);
  const [row] = recoveries(PLAN, { series, timeline, durationMs: 60_000 });
  expect(row).toMatchObject({ requests: 1000, failed: 400, failedBecause: 390 });
});

test.each(['http', 'grpc', 'ws', 'tcp'])('recovery is judged on what the run speaks: %s', (protocol) => {
  const timeline = timelineOf(60, (n) => (n >= 20 && n < 34 ? { count: 100, ms: 50 } : STEADY), [], protocol);
  const found = only(recoveries(PLAN, { series: [], timeline, durationMs: 60_000 }));
  expect(found).toMatchObject({ effect: 'degraded', detectionMs: 1000, recoveryMs: 4000 });
});

test('connections that are kept for the whole run are judged by the answers on them', () => {
  const ended = new Set(['ws_sessions', 'ws_session_failed']);
  const recorder = new TimelineRecorder();
  for (let n = 0; n < 60; n++) {
    const answers = n >= 20 && n < 33 ? 2 : 100;
    recorder.add(
      windowOf('chat', new Array<number>(answers).fill(10), 0, 'ws').filter(({ metric }) => !ended.has(metric)),
      n * 1000,
    );
  }
  const found = only(recoveries(PLAN, { series: [], timeline: recorder.timeline([]), durationMs: 60_000 }));
  expect(found).toMatchObject({ effect: 'collapsed', detectionMs: 1000, recoveryMs: 3000 });
});

test('of several protocols the first to suffer shows a fault, and the last to be well again ends it', () => {
  const http = timelineOf(60, (n) => (n >= 22 && n < 31 ? { count: 300, ms: 50 } : { count: 300 }));
  const chat = timelineOf(60, (n) => (n >= 20 && n < 35 ? { count: 40, failed: 20 } : { count: 40 }), [], 'ws');
  // What is rare says nothing where others say enough, nor does what had ended long before.
  const rare = timelineOf(60, (n) => ({ count: n % 9 === 5 && n < 20 ? 1 : 0 }), [], 'tcp');
  const early = timelineOf(60, (n) => ({ count: n < 12 ? 100 : 0 }), [], 'grpc');
  const measured = (...timelines: Timeline[]): unknown =>
    only(recoveries(PLAN, { series: [], timeline: mergeTimelines(timelines), durationMs: 60_000 }));
  expect(measured(http)).toMatchObject({ effect: 'degraded', detectionMs: 3000, recoveryMs: 1000 });
  expect(measured(http, chat, rare, early)).toMatchObject({ effect: 'degraded', detectionMs: 1000, recoveryMs: 5000 });
  const lost = timelineOf(60, (n) => ({ count: n < 20 ? 40 : 0 }), [], 'ws');
  expect(measured(http, lost)).toMatchObject({ effect: 'collapsed', reason: 'not recovered when the load ended' });
});

test('failures of a fault are counted over protocols, each against its own steady phase', () => {
  const http = timelineOf(60, () => ({ count: 100, failed: 10 }));
  const grpc = timelineOf(60, () => ({ count: 100 }), [], 'grpc');
  const failed = (metric: string, value: number, weight: number): object => {
    return { metric, type: 'h', tags: { fault: 'slow', phase: 'chaos' }, value, weight };
  };
  const series = seriesOf([
    ...[failed('http_req_failed', 1, 100), failed('http_req_failed', 0, 900)],
    ...[failed('grpc_req_failed', 1, 7), failed('grpc_req_failed', 0, 93)],
  ] as Parameters<typeof seriesOf>[0]);
  const [row] = recoveries(PLAN, { series, timeline: mergeTimelines([http, grpc]), durationMs: 60_000 });
  expect(row).toMatchObject({ requests: 1100, failed: 107, failedBecause: 7 });
});
