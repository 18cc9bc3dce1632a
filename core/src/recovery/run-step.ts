import type { RunPlan } from '../plan/run-plan.ts';
import { type Latencies, latencyCount, latencyQuantile, mergeLatencies } from '../timeline/latencies.ts';
import type { LoadTrack } from '../timeline/load-track.ts';
import { coarsenedLoad } from '../timeline/load-track.ts';
import { offeredIn } from '../timeline/offered.ts';
import { areWaits } from '../timeline/protocol-tracks.ts';
import { coarsened, type Track } from '../timeline/track.ts';

/** One step of a run, over all nodes and requests of a protocol. Times are ms from the start. */
export type RunStep = {
  readonly fromMs: number;
  readonly toMs: number;
  /** What the service did: requests; on connections every answer as well, or a long one would show nothing until its end. */
  readonly count: number;
  /** Requests that ended: calls, or connections. */
  readonly requests: number;
  /** Those of them that failed. */
  readonly failed: number;
  readonly latencies: Latencies;
  /** p95 of the latencies, ms; undefined without requests. */
  readonly p95Ms: number | undefined;
  /** What the load asked for: arrivals of an open model, worker seconds of a closed one; 1 where neither is known. */
  readonly demand: number;
};

/** The requests of a protocol over time, and the load of which they are. */
export type Performance = { readonly track: Track; readonly load: LoadTrack };

/** The whole steps of a run up to `endMs`, of the length that its track has, or a coarser one. */
export function runSteps(plan: RunPlan, of: Performance, stepMs: number, endMs: number): readonly RunStep[] {
  const track = coarsened(of.track, stepMs);
  const load = coarsenedLoad(of.load, stepMs);
  const waits = areWaits([track]);
  const steps: RunStep[] = [];
  for (let i = 0; (i + 1) * track.stepMs <= endMs; i++) {
    const [fromMs, toMs] = [i * track.stepMs, (i + 1) * track.stepMs];
    const latencies = track.latencies[i] ?? [];
    const requests = track.count[i] ?? 0;
    const demand = offeredIn(plan, fromMs, toMs) ?? load.workerSeconds[i] ?? 0;
    steps.push({
      fromMs,
      toMs,
      count: requests + (waits ? latencyCount(latencies) : 0),
      requests,
      failed: track.failed[i] ?? 0,
      latencies,
      p95Ms: latencyQuantile(latencies, 0.95),
      demand,
    });
  }
  const known = steps.some(({ demand }) => demand > 0);
  return known ? steps : steps.map((step) => ({ ...step, demand: 1 }));
}

/** What was done for what the load asked for; undefined where it asked for nothing. */
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
    requests: sum(({ requests }) => requests),
    failed: sum(({ failed }) => failed),
    latencies,
    p95Ms: latencyQuantile(latencies, 0.95),
    demand: sum(({ demand }) => demand),
  };
}
