import { type Latencies, latencyCount, latencyQuantile, phaseLookup, type Track } from '@loads/core';
import type { StoredRun } from '../../run/stored-run.ts';
import type { Reporter } from '../reporter.ts';
import { type CsvCell, csvTable } from './csv.ts';

const HEADER = [
  ...['run', 'name', 'from_ms', 'to_ms', 'time', 'phase', 'fault'],
  ...['requests', 'failed', 'requests_per_s', 'bytes', 'p50_ms', 'p90_ms', 'p95_ms', 'p99_ms'],
  // Behind all others: whoever reads by place finds what was there before.
  ...['protocol', 'timed'],
];

/**
 * Requests over time: a row for each step and name, for all requests together (`(all)`, without a protocol), and for those of
 * each protocol where there are several. `timed`: what the percentiles are of; on connections any number of waits.
 */
export const csvReporter: Reporter = {
  name: 'csv',
  doc: 'CSV: requests over time by name and protocol, with phase, fault, rate and percentiles of each step',
  file: 'requests.csv',
  report: (run) => csvTable(HEADER, rowsOf(run)),
};

function* rowsOf({ summary, nodes, folder }: StoredRun): Generator<readonly CsvCell[]> {
  const { timeline } = nodes;
  if (!timeline) return;
  const { plan } = folder.record;
  const phaseAt = phaseLookup(plan.schedule, plan.recoveryMs);
  const startMs = summary.startedAtMs;
  const { protocol: _, ...total } = timeline.total;
  for (const track of [total, ...timeline.protocols, ...timeline.requests]) {
    for (let i = 0; i < track.count.length; i++) {
      const [fromMs, toMs] = [i * track.stepMs, (i + 1) * track.stepMs];
      const time = startMs === undefined ? undefined : new Date(startMs + fromMs).toISOString();
      const { phase, fault } = phaseAt(fromMs, toMs - 1);
      yield [summary.run, track.name, fromMs, toMs, time, phase, fault, ...figuresOf(track, i)];
    }
  }
}

function figuresOf({ protocol, count, failed, bytes, latencies, stepMs }: Track, i: number): readonly CsvCell[] {
  const requests = count[i] ?? 0;
  const percentiles = [0.5, 0.9, 0.95, 0.99].map((q) => rounded(latencies[i] ?? [], q));
  return [
    requests,
    failed[i] ?? 0,
    requests / (stepMs / 1000),
    bytes[i] ?? 0,
    ...percentiles,
    protocol,
    latencyCount(latencies[i] ?? []),
  ];
}

/** Within 1.6 %: further digits say nothing. */
function rounded(latencies: Latencies, q: number): number | undefined {
  const ms = latencyQuantile(latencies, q);
  return ms === undefined ? undefined : Number(ms.toPrecision(4));
}
