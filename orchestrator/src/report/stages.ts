import {
  areWaits,
  type Latencies,
  latencyQuantile,
  mergeLatencies,
  protocolTracks,
  type Stage,
  type Timeline,
} from '@loads/core';
import { apdexAtLeast } from './apdex.ts';

/** What was done in a stage, over all nodes and requests. */
export type StageFigures = Stage & {
  readonly count: number;
  readonly failed: number;
  /** Requests per second, and those of the busiest step. */
  readonly rate: number;
  readonly maxRate: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly apdex: number | undefined;
  /** The steady window in which most was done to satisfaction. */
  readonly best: boolean;
};

/** From this Apdex on a window can be the best. FunkLoad's value. */
const PLEASING = 0.85;

/**
 * The figures of stages, from the whole steps of the timeline within them: what ended in a step in which the load changed is in
 * neither. Of a stage without a whole step there are none.
 */
export function stageFigures(
  stages: readonly Stage[],
  timeline: Timeline,
  apdexMs: number,
  durationMs: number,
): readonly StageFigures[] {
  const figures = stages
    .map((stage) => ({ ...stage, toMs: Math.min(stage.toMs, durationMs) }))
    .flatMap((stage) => figuresOf(stage, timeline, apdexMs));
  const scores = figures.map(({ kind, apdex = 0, maxRate }) => {
    return kind === 'steady' && apdex >= PLEASING ? apdex * maxRate : 0;
  });
  const steady = figures.filter(({ kind }) => kind === 'steady').length;
  const best = steady > 1 ? Math.max(...scores) : 0;
  return figures.map((one, i) => ({ ...one, best: best > 0 && i === scores.indexOf(best) }));
}

function figuresOf(stage: Stage, timeline: Timeline, apdexMs: number): readonly StageFigures[] {
  const { total: track } = timeline;
  const first = Math.ceil(stage.fromMs / track.stepMs);
  const end = Math.min(Math.floor(stage.toMs / track.stepMs), track.count.length);
  if (end <= first) return [];
  const counts = track.count.slice(first, end);
  const sum = (column: readonly number[]): number => column.reduce((all, one) => all + one, 0);
  const latencies = track.latencies.slice(first, end).reduce<Latencies>(mergeLatencies, []);
  const [count, failed] = [sum(counts), sum(track.failed.slice(first, end))];
  const stepS = track.stepMs / 1000;
  const calls = protocolTracks(timeline).filter((one) => !areWaits([one]));
  const callsFailed = calls.reduce((all, one) => all + sum(one.failed.slice(first, end)), 0);
  return [
    {
      ...stage,
      count,
      failed,
      rate: count / ((end - first) * stepS),
      maxRate: counts.reduce((most, one) => Math.max(most, one), 0) / stepS,
      p50Ms: latencyQuantile(latencies, 0.5),
      p95Ms: latencyQuantile(latencies, 0.95),
      p99Ms: latencyQuantile(latencies, 0.99),
      // Connections, on which one waits many times, have none.
      apdex: calls.length > 0 ? apdexAtLeast(latencies, callsFailed, apdexMs) : undefined,
      best: false,
    },
  ];
}
