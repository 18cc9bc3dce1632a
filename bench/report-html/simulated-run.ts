import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  Histogram,
  type NodeResult,
  nodeResultToJson,
  RunDigest,
  type RunPlan,
  randomSequence,
  type Series,
  summarize,
  type Tags,
  TimelineRecorder,
} from '@loads/core';

const RUN = '20261121-120000-shop-0000';
const START_MS = Date.UTC(2026, 10, 21, 12);
const NAMES = Array.from({ length: 10 }, (_, i) => `GET /things/${i}`);
const PER_SECOND = 3;
/** A fault of a minute every ten minutes. */
const EVERY_S = 600;
const FAULT_S = 60;

/** Writes the folder of a run of ten kinds of requests, with faults. Gives the bytes of all results. */
export async function writeRun(
  dir: string,
  { nodes, seconds }: { readonly nodes: number; readonly seconds: number },
): Promise<number> {
  const plan = planOf(nodes, seconds);
  const record = {
    version: 1,
    run: RUN,
    plan,
    launcher: 'process',
    createdAt: new Date(START_MS).toISOString(),
    judging: { tolerateLostNodes: false },
  };
  await writeFile(join(dir, 'run.json'), JSON.stringify(record));
  // Two that differ are enough: what is merged takes as long.
  const results = [1, 2].map((node) => simulated(node, seconds, plan));
  let bytes = 0;
  const digest = new RunDigest(plan);
  for (let node = 1; node <= nodes; node++) {
    const result = results[node % 2];
    if (!result) throw new Error('there are two results');
    digest.add({ node, result: { ...result, node } });
    const file = gzipSync(JSON.stringify(nodeResultToJson({ ...result, node })), { level: 1 });
    await mkdir(join(dir, 'nodes', String(node)), { recursive: true });
    await writeFile(join(dir, 'nodes', String(node), 'result.json.gz'), file);
    bytes += file.length;
  }
  const summary = summarize(plan, digest, { run: RUN, tolerateLostNodes: false, stopped: false });
  await writeFile(join(dir, 'summary.json'), JSON.stringify(summary));
  return bytes;
}

function planOf(nodes: number, seconds: number): RunPlan {
  const behaviors = [{ percent: 20, behavior: 'delay', options: { sleep: 300 } }];
  const times = Math.max(0, Math.floor((seconds - FAULT_S) / EVERY_S));
  return {
    version: 1,
    name: 'shop',
    scenario: { kind: 'script', file: 'shop.ts' },
    nodes,
    workers: 10 * nodes,
    durationMs: seconds * 1000,
    gracefulStopMs: 1000,
    recoveryMs: 10_000,
    seed: 1,
    env: {},
    proxies: [{ name: 'web', backend: { host: 'shop', port: 80 }, protocol: 'http', behaviors: [] }],
    schedule: Array.from({ length: times }, (_, i) => {
      return { name: 'slow-web', proxy: 'web', atMs: (i + 1) * EVERY_S * 1000, forMs: FAULT_S * 1000, behaviors };
    }),
    thresholds: [],
  };
}

function simulated(node: number, seconds: number, { schedule }: RunPlan): NodeResult {
  const random = randomSequence(7, node);
  const recorder = new TimelineRecorder();
  const totals = new Map<string, Histogram>();
  for (let second = 0; second < seconds; second++) {
    const slow = schedule.some(({ atMs, forMs }) => second * 1000 >= atMs && second * 1000 < atMs + forMs);
    const stamp: Tags = slow ? { phase: 'chaos', fault: 'slow-web' } : { phase: 'steady' };
    const window = NAMES.flatMap((name): readonly Series[] => {
      const durations = new Histogram();
      for (let n = 0; n < PER_SECOND; n++)
        durations.record(2 + 20 * -Math.log(1 - random()) + (slow && random() < 0.2 ? 300 : 0));
      const key = JSON.stringify({ name, ...stamp });
      totals.set(key, (totals.get(key) ?? new Histogram()).merge(durations));
      return requestSeries({ name, ...stamp }, PER_SECOND, durations);
    });
    const workers: Series = {
      ...{ metric: 'vus', tags: {} },
      aggregate: { kind: 'gauge', last: 10, lastAtMs: 0, min: 10, max: 10, sum: 10, count: 1 },
    };
    recorder.add([...window, workers], second * 1000);
  }
  const requests = [...totals].flatMap(([key, histogram]) =>
    requestSeries(JSON.parse(key) as Tags, histogram.count, histogram),
  );
  const hit: Tags = { fault: 'slow-web', proxy: 'web', protocol: 'http', behavior: 'delay', phase: 'chaos' };
  const series = [...requests, { metric: 'faults', tags: hit, aggregate: { kind: 'counter' as const, sum: 1000 } }];
  const windows = schedule.map(({ name: fault, proxy, atMs, forMs }) => {
    return { fault, proxy, plannedMs: atMs, fromMs: atMs + 1, toMs: atMs + forMs + 1 };
  });
  return {
    run: RUN,
    node,
    final: true,
    scenario: 'done',
    startedAtMs: START_MS,
    endedAtMs: START_MS + seconds * 1000,
    interrupted: 0,
    errors: [],
    accounting: { emitted: 1, received: 1, stored: 1, rejected: 0, kernelDrops: 0 },
    timeline: recorder.timeline(windows),
    series,
  };
}

function requestSeries(tags: Tags, count: number, durations: Histogram): readonly Series[] {
  return [
    { metric: 'http_reqs', tags, aggregate: { kind: 'counter', sum: count } },
    { metric: 'http_req_failed', tags, aggregate: { kind: 'rate', count, sum: 0 } },
    { metric: 'http_req_duration', tags, aggregate: { kind: 'trend', histogram: durations } },
  ];
}
