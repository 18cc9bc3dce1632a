import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  type Aggregate,
  Histogram,
  type NodeResult,
  nodeResultToJson,
  randomSequence,
  type Series,
  type Tags,
  TimelineRecorder,
} from '@loads/core';

const START_MS = 1_750_000_000_000;
const NAMES = ['GET /items', 'GET /items/:id', 'POST /orders', 'GET /cart', 'POST /login'];
const PER_SECOND = 10;

/** Writes the results of nodes that made requests of five names for some seconds. Gives how many series each has, and all bytes. */
export async function writeResults(
  dir: string,
  { nodes, seconds }: { readonly nodes: number; readonly seconds: number },
): Promise<{ readonly series: number; readonly bytes: number }> {
  let [series, bytes] = [0, 0];
  for (let node = 1; node <= nodes; node++) {
    const result = simulated(node, seconds);
    const file = gzipSync(JSON.stringify(nodeResultToJson(result)), { level: 1 });
    await writeFile(join(dir, `${node}.json.gz`), file);
    series = result.series.length;
    bytes += file.length;
  }
  return { series, bytes };
}

function simulated(node: number, seconds: number): NodeResult {
  const random = randomSequence(7, node);
  const latency = (): number => 2 + 20 * -Math.log(1 - random());
  const recorder = new TimelineRecorder();
  const totals = NAMES.map(() => new Histogram());
  for (let second = 0; second < seconds; second++) {
    const window = NAMES.flatMap((name, i): readonly Series[] => {
      const durations = new Histogram();
      for (let n = 0; n < PER_SECOND; n++) durations.record(latency());
      totals[i]?.merge(durations);
      return requestSeries(name, PER_SECOND, durations);
    });
    recorder.add(window, second * 1000);
  }
  const count = seconds * PER_SECOND;
  const series = [
    ...NAMES.flatMap((name, i) => requestSeries(name, count, totals[i] ?? new Histogram())),
    ...others(count, latency),
  ];
  const samples = series.length * count;
  return {
    run: 'r1',
    node,
    final: true,
    scenario: 'done',
    startedAtMs: START_MS,
    endedAtMs: START_MS + seconds * 1000,
    interrupted: 0,
    errors: [],
    accounting: { emitted: samples, received: samples, stored: samples, rejected: 0, kernelDrops: 0 },
    timeline: recorder.timeline([]),
    series,
  };
}

function requestSeries(name: string, count: number, durations: Histogram): readonly Series[] {
  const tags = { name, method: 'GET', status: '200', scenario: 'visit', phase: 'steady' };
  const copy = (): Aggregate => ({ kind: 'trend', histogram: new Histogram().merge(durations) });
  return [
    one('http_reqs', tags, { kind: 'counter', sum: count }),
    one('http_req_failed', tags, { kind: 'rate', count, sum: 0 }),
    one('http_req_duration', tags, copy()),
    one('http_req_waiting', tags, copy()),
    one('http_req_blocked', tags, copy()),
    one('data_sent', tags, { kind: 'counter', sum: 90 * count }),
    one('data_received', tags, { kind: 'counter', sum: 500 * count }),
  ];
}

/** What makes it 50 series. */
function others(count: number, latency: () => number): readonly Series[] {
  const scenarios = ['visit', 'buy'].flatMap((scenario): readonly Series[] => {
    const durations = new Histogram();
    for (let n = 0; n < count; n++) durations.record(3 * latency());
    return [
      one('iterations', { scenario }, { kind: 'counter', sum: count }),
      one('iteration_failed', { scenario }, { kind: 'rate', count, sum: 0 }),
      one('iteration_duration', { scenario }, { kind: 'trend', histogram: durations }),
    ];
  });
  const lag = new Histogram();
  for (let n = 0; n < count; n++) lag.record(latency() / 20);
  const checks = Array.from({ length: 9 }, (_, i) =>
    one('checks', { check: `check ${i}` }, { kind: 'rate', count, sum: count }),
  );
  return [...scenarios, ...checks, one('loop_lag', {}, { kind: 'trend', histogram: lag })].slice(0, 15);
}

function one(metric: string, tags: Tags, aggregate: Aggregate): Series {
  return { metric, tags, aggregate };
}
