import {
  type Aggregate,
  Histogram,
  mergeTimelines,
  RunDigest,
  type RunPlan,
  type Series,
  summarize,
  TimelineRecorder,
} from '@loads/core';
import type { RunReport } from './run-report.ts';

/** A text that would break out of its place, where it is not escaped. */
export const NASTY = `</script><img src=x onerror="alert('1')">&`;

const START_MS = 1_795_249_601_000;

/** What one second of a run is like: latencies of its requests, and how many of them failed. */
export type Second = { readonly ms: readonly number[]; readonly failed?: number | undefined };

/** The report of a run of two nodes whose seconds are all like `at` says, with names that are nasty. */
export function reportOfSeconds(
  seconds: number,
  at: (second: number) => Second,
  change: Partial<RunPlan> = {},
): RunReport {
  const plan: RunPlan = { ...PLAN, durationMs: seconds * 1000, ...change };
  const digest = new RunDigest(plan);
  for (let node = 1; node <= plan.nodes; node++) digest.add(simulatedNode(node, seconds, at, plan));
  const summary = summarize(plan, digest, { run: RUN, tolerateLostNodes: false, stopped: false });
  const { series, timeline, nodes } = digest;
  return {
    record: {
      version: 1,
      run: RUN,
      plan,
      launcher: 'process',
      createdAt: new Date(START_MS).toISOString(),
      judging: { tolerateLostNodes: false },
    },
    ...{ summary, series, timeline, nodes, notes: [], apdexMs: 100, version: '1.2.3' },
  };
}

/** The same report of a run that had waited twice a second on one WebSocket as well, 5 ms each, which broke in its last second. */
export function withWebSocket(report: RunReport): RunReport {
  const recorder = new TimelineRecorder();
  const tags = { name: 'chat', phase: 'steady' };
  const histogram = new Histogram();
  histogram.record(5, 2);
  const waited: Series = { metric: 'ws_waiting', tags, aggregate: { kind: 'trend', histogram } };
  const ended: Series = { metric: 'ws_session_failed', tags, aggregate: { kind: 'rate', count: 1, sum: 1 } };
  const steps = report.timeline?.total.count ?? [];
  for (const i of steps.keys()) recorder.add([waited, ...(i === steps.length - 1 ? [ended] : [])], i * 1000);
  const timelines = [...(report.timeline ? [report.timeline] : []), recorder.timeline([])];
  return { ...report, timeline: mergeTimelines(timelines) };
}

const RUN = '20261121-082640-shop-c862';

/** A fault from 4 to 6 s on the one proxy. */
const PLAN: RunPlan = {
  version: 1,
  name: NASTY,
  scenario: { kind: 'script', file: '/tests/shop.ts' },
  target: 'http://joe:pw@127.0.0.1:8080',
  nodes: 2,
  workers: 4,
  durationMs: 10_000,
  gracefulStopMs: 1000,
  recoveryMs: 2000,
  seed: 7,
  env: { PASSWORD: 'hunter2' },
  proxies: [{ name: 'web', backend: { host: '127.0.0.1', port: 8080 }, protocol: 'http', behaviors: [] }],
  schedule: [
    {
      name: NASTY,
      proxy: 'web',
      atMs: 4000,
      forMs: 2000,
      behaviors: [{ percent: 20, behavior: 'delay', options: { sleep: 300 } }],
    },
  ],
  thresholds: [],
};

function simulatedNode(
  node: number,
  seconds: number,
  at: (second: number) => Second,
  plan: RunPlan,
): Parameters<RunDigest['add']>[0] {
  const recorder = new TimelineRecorder();
  const all = new Map<string, Series>();
  const stamps = (second: number): Readonly<Record<string, string>> => {
    const fault = plan.schedule.find(({ atMs, forMs }) => second * 1000 >= atMs && second * 1000 < atMs + forMs);
    return fault ? { phase: 'chaos', fault: fault.name } : { phase: 'steady' };
  };
  for (let second = 0; second < seconds; second++) {
    const window = secondSeries(at(second), { name: NASTY, scenario: NASTY, ...stamps(second) });
    recorder.add(window, second * 1000);
    for (const one of window) add(all, one);
  }
  const windows = plan.schedule.map(({ name: fault, proxy, atMs, forMs }) => {
    return { fault, proxy, plannedMs: atMs, fromMs: atMs + 2, toMs: atMs + forMs + 1 };
  });
  const error = { scenario: NASTY, failure: 'status', message: NASTY, count: 2, stack: `Error: x\n    at ${NASTY}` };
  return {
    node,
    result: {
      run: RUN,
      node,
      final: true,
      scenario: 'done',
      startedAtMs: START_MS,
      endedAtMs: START_MS + seconds * 1000,
      interrupted: 0,
      errors: [{ ...error, example: { name: NASTY, method: 'GET', url: NASTY, headers: { a: NASTY }, durationMs: 1 } }],
      accounting: { emitted: 9, received: 9, stored: 9, rejected: 0, kernelDrops: 0 },
      faults: [],
      timeline: recorder.timeline(windows),
      series: [...all.values()],
    },
  };
}

function secondSeries({ ms, failed = 0 }: Second, tags: Readonly<Record<string, string>>): readonly Series[] {
  const histogram = new Histogram();
  for (const one of ms) histogram.record(one);
  const one = (metric: string, aggregate: Aggregate): Series => ({ metric, tags, aggregate });
  return [
    one('http_reqs', { kind: 'counter', sum: ms.length }),
    one('http_req_failed', { kind: 'rate', count: ms.length, sum: failed }),
    one('http_req_duration', { kind: 'trend', histogram }),
    one('checks', { kind: 'rate', count: 1, sum: 1 }),
  ];
}

function add(all: Map<string, Series>, { metric, tags, aggregate }: Series): void {
  const key = JSON.stringify([metric, tags]);
  const known = all.get(key)?.aggregate;
  if (known?.kind === 'counter' && aggregate.kind === 'counter') known.sum += aggregate.sum;
  else if (known?.kind === 'trend' && aggregate.kind === 'trend') known.histogram.merge(aggregate.histogram);
  else if (known?.kind === 'rate' && aggregate.kind === 'rate') {
    known.sum += aggregate.sum;
    known.count += aggregate.count;
  } else all.set(key, { metric, tags, aggregate: structured(aggregate) });
}

/** A copy that can grow: the window's own is in the timeline. */
function structured(aggregate: Aggregate): Aggregate {
  return aggregate.kind === 'trend'
    ? { kind: 'trend', histogram: new Histogram().merge(aggregate.histogram) }
    : { ...aggregate };
}
