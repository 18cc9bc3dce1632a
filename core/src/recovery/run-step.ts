import type { RunPlan } from '../plan/run-plan.ts';
import { type Latencies, latencyQuantile, mergeLatencies } from '../timeline/latencies.ts';
import { coarsenedLoad } from '../timeline/load-track.ts';
import { offeredIn } from '../timeline/offered.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { coarsened } from '../timeline/track.ts';

/** One step of a run, over all nodes and requests. Times are ms from the start. */
export type RunStep = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
  readonly failed: number;
  readonly latencies: Latencies;
  /** p95 of the latencies, ms; undefined without requests. */
  readonly p95Ms: number | undefined;
  /** What the load asked for: arrivals of an open model, worker seconds of a closed one; 1 where neither is known. */
  readonly demand: number;
};

/** The whole steps of a run up to `endMs`, of the length that the timeline has, or a coarser one. */
export function runSteps(plan: RunPlan, timeline: Timeline, stepMs: number, endMs: number): readonly RunStep[] {
  const total = coarsened(timeline.total, stepMs);
  const load = coarsenedLoad(timeline.load, stepMs);
  const steps: RunStep[] = [];
  for (let i = 0; (i + 1) * total.stepMs <= endMs; i++) {
    const [fromMs, toMs] = [i * total.stepMs, (i + 1) * total.stepMs];
    const latencies = total.latencies[i] ?? [];
    const demand = offeredIn(plan, fromMs, toMs) ?? load.workerSeconds[i] ?? 0;
    steps.push({
      fromMs,
      toMs,
      count: total.count[i] ?? 0,
      failed: total.failed[i] ?? 0,
      latencies,
      p95Ms: latencyQuantile(latencies, 0.95),
      demand,
    });
  }
  const known = steps.some(({ demand }) => demand > 0);
  return known ? steps : steps.map((step) => ({ ...step, demand: 1 }));
}

/** Requests for what the load asked for; undefined where it asked for nothing. */
export function paceOf({ count, demand }: Pick<RunStep, 'count' | 'demand'>): number | undefined {
  return demand > 0 ? count / demand : undefined;
}

/** Steps that follow each other, as one. */
export function pooled(steps: readonly RunStep[]): RunStep {
  const sum = (of: (step: RunStep) => number): number => steps.reduce((total, step) => total + of(step), 0);
  const latencies = steps.reduce<Latencies>((all, step) => mergeLatencies(all, step.latencies), []);
  return {
    fromMs: steps[0]?.fromMs ?? 0,
    toMs: steps.at(-1)?.toMs ?? 0,
    count: sum(({ count }) => count),
    failed: sum(({ failed }) => failed),
    latencies,
    p95Ms: latencyQuantile(latencies, 0.95),
    demand: sum(({ demand }) => demand),
  };
}
