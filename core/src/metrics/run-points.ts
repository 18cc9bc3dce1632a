import type { RunPlan } from '../plan/run-plan.ts';
import type { Summary } from '../summary/summary.ts';
import type { DataPoint } from './data-point.ts';
import { MEASUREMENTS, RUN_FIELDS, TAGS, THRESHOLD_FIELDS } from './schema.ts';

/** A run as its points know it. `startMs` is the start instant that all nodes were given, epoch ms. */
export type RunIdentity = { readonly run: string; readonly plan: RunPlan; readonly startMs: number };

/** The point in `runs` that says that a run has begun. */
export function runPoint({ run, plan, startMs }: RunIdentity): DataPoint {
  return {
    measurement: MEASUREMENTS.runs,
    tags: { [TAGS.run]: run, [TAGS.plan]: plan.name },
    fields: {
      [RUN_FIELDS.startMs]: startMs,
      [RUN_FIELDS.plannedMs]: plan.durationMs ?? undefined,
      [RUN_FIELDS.nodes]: plan.nodes,
      [RUN_FIELDS.workers]: plan.workers,
      [RUN_FIELDS.seed]: plan.seed,
    },
    atMs: startMs,
  };
}

/** The same point with what came of the run. */
export function judgedRunPoint(identity: RunIdentity, summary: Summary): DataPoint {
  const begun = runPoint(identity);
  const { ok, ko } = summary.total;
  return {
    ...begun,
    fields: {
      ...begun.fields,
      [RUN_FIELDS.endMs]: endOf(identity, summary),
      [RUN_FIELDS.durationMs]: summary.durationMs,
      [RUN_FIELDS.outcome]: summary.outcome,
      [RUN_FIELDS.exitCode]: summary.exitCode,
      [RUN_FIELDS.requests]: ok + ko,
      [RUN_FIELDS.failed]: ko,
      [RUN_FIELDS.lostSamples]: summary.lost ?? -1,
    },
  };
}

/** When the last node of a judged run ended, epoch ms. */
export function endOf({ startMs }: RunIdentity, { startedAtMs, durationMs }: Summary): number {
  return Math.round((startedAtMs ?? startMs) + durationMs);
}

/** A point in `run_thresholds` for each threshold of the run. */
export function thresholdPoints({ run, startMs }: RunIdentity, { thresholds }: Summary): readonly DataPoint[] {
  return thresholds.map(({ metric, expression, ok, actual }) => ({
    measurement: MEASUREMENTS.thresholds,
    tags: { [TAGS.run]: run, [TAGS.metric]: metric, [TAGS.expression]: expression },
    fields: { [THRESHOLD_FIELDS.ok]: ok ? 1 : 0, [THRESHOLD_FIELDS.actual]: actual },
    atMs: startMs,
  }));
}
