import {
  areWaits,
  coarsened,
  type LoadTrack,
  latencyBuckets,
  latencyCount,
  latencyQuantile,
  protocolTracks,
  type Timeline,
  type Track,
} from '@loads/core';
import { formatCount, formatMs, formatRate, formatRatio } from '../console/format.ts';
import type { Html } from '../page/html.ts';
import { table } from '../page/table.ts';
import type { BandData, HeatData } from './report-data.ts';
import { clockText } from './time-text.ts';

/** The most rows of a table that stands for a chart. */
const MOST_ROWS = 60;
/** The bounds of its columns that stand for the rows of the heat map, ms. */
const HEAT_BOUNDS = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000];

/** What the charts of requests show, in rows of so many steps that it can be read. */
export function timeTable(timeline: Timeline, bands: readonly BandData[]): Html {
  const total = inRows(timeline.total);
  const stepS = total.stepMs / 1000;
  const waits = areWaits(protocolTracks(timeline));
  const workers = workersIn(timeline.load, total.stepMs);
  const rows = total.count.map((count, i) => {
    const latencies = total.latencies[i] ?? [];
    const at = (quantile: number): string => formatMs(latencyQuantile(latencies, quantile) ?? Number.NaN);
    const failed = total.failed[i] ?? 0;
    const faults = bands.filter(
      ({ kind, fromS, toS }) => kind === 'fault' && fromS < (i + 1) * stepS && toS > i * stepS,
    );
    const cells = [
      clockText(i * stepS),
      formatRate(count / stepS),
      ...(waits ? [formatRate(latencyCount(latencies) / stepS)] : []),
      count > 0 ? formatRatio(failed / count) : '-',
      ...[0.5, 0.95, 0.99].map(at),
      formatCount(workers[i] ?? 0),
      [...new Set(faults.map(({ name }) => name))].join(', '),
    ];
    return { cells };
  });
  const titles = ['Rate', ...(waits ? ['Answers'] : []), 'Failed', 'p50', 'p95', 'p99', 'Workers'];
  const figures = titles.map((title) => ({ title, numeric: true }));
  return table({
    caption: `Requests in steps of ${stepS} s, over all nodes`,
    columns: [{ title: 'From' }, ...figures, { title: 'Faults' }],
    rows,
  });
}

/** What the heat map shows: how many requests of a stretch of time took how long. */
export function heatTable(timeline: Timeline, { bounds }: HeatData): Html | undefined {
  const [least, most] = [bounds[0], bounds.at(-1)];
  if (least === undefined || most === undefined) return undefined;
  const inner = HEAT_BOUNDS.filter((bound) => bound > least && bound < most);
  const limits = [...inner, Number.POSITIVE_INFINITY];
  const total = inRows(timeline.total, MOST_ROWS / 2);
  const rows = total.latencies.map((latencies, i) => {
    const counts = limits.map(() => 0);
    for (const { ms, count } of latencyBuckets(latencies)) {
      const column = limits.findIndex((limit) => ms < limit);
      counts[column] = (counts[column] ?? 0) + count;
    }
    return { cells: [clockText((i * total.stepMs) / 1000), ...counts.map(formatCount)] };
  });
  const last = inner.at(-1);
  const titles = [
    ...inner.map((bound) => `under ${formatMs(bound)}`),
    last === undefined ? 'all' : `${formatMs(last)} or more`,
  ];
  return table({
    caption: `Requests by latency in steps of ${total.stepMs / 1000} s: each column without those before it`,
    columns: [{ title: 'From' }, ...titles.map((title) => ({ title, numeric: true }))],
    rows,
  });
}

function inRows(track: Track, most = MOST_ROWS): Track {
  return track.count.length <= most ? track : inRows(coarsened(track, track.stepMs * 2), most);
}

/** The mean number of workers in steps of another length. */
function workersIn({ stepMs, workerSeconds }: LoadTrack, wantedMs: number): readonly number[] {
  const sums: number[] = [];
  for (const [i, seconds] of workerSeconds.entries()) {
    const row = Math.floor((i * stepMs) / wantedMs);
    sums[row] = (sums[row] ?? 0) + seconds;
  }
  return sums.map((sum) => sum / (wantedMs / 1000));
}
