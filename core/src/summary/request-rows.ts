import { REQUEST_METRICS, type RequestMetrics } from '../metrics/request-metrics.ts';
import { groupBy, type Series, select, type Tags } from '../metrics/series.ts';
import type { Phase } from '../schedule/phase.ts';
import { requestDurations } from './request-durations.ts';
import type { RequestFigures, RequestRow } from './summary.ts';
import { trendStats } from './trend-stats.ts';

const PHASES: readonly Phase[] = ['setup', 'steady', 'chaos', 'recovery', 'teardown'];

/** What rows of requests are made of; times in ms. */
export type RequestSource = {
  readonly series: readonly Series[];
  readonly durationMs: number;
  /** How long the run was in each phase, for the rates of the phases. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
};

/** One row for each request name of each protocol: by protocol, in the order of the names. */
export function requestRows(source: RequestSource): readonly RequestRow[] {
  return REQUEST_METRICS.flatMap((metrics) =>
    [...groupBy(source.series, metrics.count, 'name').keys()].map((name) => ({
      name,
      protocol: metrics.protocol,
      ...splitFigures(source, [metrics], { name }),
    })),
  );
}

/**
 * The row of the requests of all protocols. Its durations are of those that each have one; how long was waited on connections
 * stands in only where there are no others.
 */
export function totalRow(source: RequestSource): RequestRow {
  return { name: 'all requests', ...splitFigures(source, REQUEST_METRICS, {}) };
}

function splitFigures(
  { series, durationMs, phases }: RequestSource,
  metrics: readonly RequestMetrics[],
  tags: Tags,
): Omit<RequestRow, 'name' | 'protocol'> {
  const split: Partial<Record<Phase, RequestFigures>> = {};
  for (const phase of PHASES) {
    const figures = figuresOf(series, metrics, { ...tags, phase }, phases[phase] ?? 0);
    if (figures.ok + figures.ko > 0) split[phase] = figures;
  }
  return { ...figuresOf(series, metrics, tags, durationMs), phases: split };
}

function figuresOf(
  series: readonly Series[],
  metrics: readonly RequestMetrics[],
  tags: Tags,
  durationMs: number,
): RequestFigures {
  let [count, ko] = [0, 0];
  for (const one of metrics) {
    const [counted, failed] = [select(series, one.count, tags), select(series, one.failed, tags)];
    const ended = failed?.kind === 'rate' ? failed.count : 0;
    ko += failed?.kind === 'rate' ? failed.sum : 0;
    // Connections may have been opened in another phase than they ended in.
    count += one.timedEach ? (counted?.kind === 'counter' ? counted.sum : 0) : ended;
  }
  return {
    ok: count - ko,
    ko,
    rate: durationMs > 0 ? count / (durationMs / 1000) : 0,
    duration: trendStats(requestDurations(series, tags, metrics)),
  };
}
