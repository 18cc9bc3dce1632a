import {
  emptyAggregate,
  type MetricKind,
  type NodeResult,
  observe,
  RunDigest,
  type Series,
  type Summary,
  type Tags,
  TimelineRecorder,
} from '@loads/core';
import { fullSummary } from '../console/full-summary.test.fixture.ts';
import { plan } from '../console/plan.test.fixture.ts';
import type { StoredRun } from '../run/stored-run.ts';
import type { RunFolder, RunRecord } from '../store/run-folder.ts';

/** What a node measured in 20 s: requests of two names, 10 and 400 ms long, in two phases. */
export function nodeResult(node: number, change: Partial<NodeResult> = {}): NodeResult {
  const recorder = new TimelineRecorder();
  for (let second = 0; second < 20; second++) {
    recorder.add(
      [...requests('list items', 'steady', 10, 9), ...requests('buy, "now"', 'chaos', 400, 1)],
      second * 1000,
    );
  }
  const series = [
    ...requests('list items', 'steady', 10, 180),
    ...requests('buy, "now"', 'chaos', 400, 20),
    seriesOf('rate', 'checks', { check: 'status is 200' }, 1, 7),
    seriesOf('gauge', 'node_cpu', {}, 0.08, 1),
    seriesOf('trend', 'loop_lag', {}, 2, 10),
    seriesOf('set', 'customers', {}, 7, 1),
    seriesOf('counter', 'faults', { fault: 'slow', proxy: 'web', protocol: 'http', behavior: 'delay' }, 1, 3),
    seriesOf('counter', 'faults', { fault: 'web-errors', proxy: 'web', protocol: 'http', behavior: 'error' }, 1, 3),
  ];
  return {
    run: 'r',
    node,
    final: true,
    scenario: 'done',
    startedAtMs: 1_795_249_601_000,
    endedAtMs: 1_795_249_621_000,
    interrupted: 0,
    errors: [],
    accounting: { emitted: 300, received: 300, stored: 300, rejected: 0, kernelDrops: 0 },
    timeline: recorder.timeline([]),
    series,
    ...change,
  };
}

/** What a node measured in 20 s on one WebSocket of the name of a request: an answer of 30 ms in each, and its end. */
export function webSocketResult(node: number): NodeResult {
  const recorder = new TimelineRecorder();
  const tags = { name: 'list items', phase: 'steady' };
  const ended = seriesOf('rate', 'ws_session_failed', tags, 1, 1);
  for (let second = 0; second < 20; second++) {
    recorder.add([seriesOf('trend', 'ws_waiting', tags, 30, 1), ...(second === 19 ? [ended] : [])], second * 1000);
  }
  const series = [seriesOf('trend', 'ws_waiting', tags, 30, 20), ended];
  return nodeResult(node, { timeline: recorder.timeline([]), series });
}

/** A run of two nodes with everything in its summary that one can have. */
export function storedRun(
  summary: Partial<Summary> = {},
  record: Partial<RunRecord> = {},
  results: readonly NodeResult[] = [nodeResult(1), nodeResult(2)],
): StoredRun {
  const nodes = new RunDigest(plan);
  for (const result of results) nodes.add({ node: result.node, result });
  const judging = { tolerateLostNodes: false };
  const createdAt = '2026-11-21T08:26:40.000Z';
  const own: RunRecord = { version: 1, run: fullSummary.run, plan, launcher: 'process', createdAt, judging, ...record };
  const folder: Pick<RunFolder, 'path' | 'record'> = { path: '/runs/r', record: own };
  return { folder: folder as RunFolder, nodes, summary: { ...fullSummary, ...summary }, notes: [] };
}

function requests(name: string, phase: string, ms: number, count: number): readonly Series[] {
  const tags = { name, phase };
  return [
    seriesOf('counter', 'http_reqs', tags, 1, count),
    seriesOf('trend', 'http_req_duration', tags, ms, count),
    seriesOf('rate', 'http_req_failed', tags, 0, count),
  ];
}

function seriesOf(kind: MetricKind, metric: string, tags: Tags, value: number, weight: number): Series {
  const aggregate = emptyAggregate(kind);
  observe(aggregate, { value, weight }, 1000);
  return { metric, tags, aggregate };
}
