import { groupBy, type Series, select, type Tags } from '../metrics/series.ts';
import type { Phase } from '../schedule/phase.ts';
import type { RequestFigures, RequestRow } from './summary.ts';
import { trendStats } from './trend-stats.ts';

const PHASES: readonly Phase[] = ['setup', 'steady', 'chaos', 'recovery', 'teardown'];

/** ms that the run spent in each phase, for the rates of the phases. */
export type PhaseDurations = Readonly<Partial<Record<Phase, number>>>;

/** One row for each request name, in the order of the names. */
export function requestRows(
  series: readonly Series[],
  durationMs: number,
  phases: PhaseDurations,
): readonly RequestRow[] {
  const names = [...groupBy(series, 'http_reqs', 'name').keys()];
  return names.map((name) => requestRow(series, name, { name }, durationMs, phases));
}

/** The row of all requests that carry `tags`. */
export function requestRow(
  series: readonly Series[],
  name: string,
  tags: Tags,
  durationMs: number,
  phases: PhaseDurations,
): RequestRow {
  const split: Partial<Record<Phase, RequestFigures>> = {};
  for (const phase of PHASES) {
    const figures = figuresOf(series, { ...tags, phase }, phases[phase] ?? 0);
    if (figures.ok + figures.ko > 0) split[phase] = figures;
  }
  return { name, ...figuresOf(series, tags, durationMs), phases: split };
}

function figuresOf(series: readonly Series[], tags: Tags, durationMs: number): RequestFigures {
  const requests = select(series, 'http_reqs', tags);
  const failures = select(series, 'http_req_failed', tags);
  const count = requests?.kind === 'counter' ? requests.sum : 0;
  const ko = failures?.kind === 'rate' ? failures.sum : 0;
  return {
    ok: count - ko,
    ko,
    rate: durationMs > 0 ? count / (durationMs / 1000) : 0,
    duration: trendStats(select(series, 'http_req_duration', tags)),
  };
}
