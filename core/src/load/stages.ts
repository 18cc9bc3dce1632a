import type { RunPlan } from '../plan/run-plan.ts';
import { groupsOf } from './groups.ts';
import type { Scaling } from './scale.ts';

/** A stage of the load as planned (a cycle, in FunkLoad): a ramp, or a steady window. Times are ms from the start of the run. */
export type Stage = {
  /** Whose load it is; undefined: of all scenarios. */
  readonly scenario: string | undefined;
  readonly kind: 'ramp' | 'steady';
  /** Of workers, or of arrivals per second. */
  readonly of: 'workers' | 'arrivals';
  readonly from: number;
  readonly to: number;
  readonly fromMs: number;
  readonly toMs: number;
};

type Planned = Pick<RunPlan, 'nodes' | 'workers' | 'durationMs' | 'load' | 'each'>;

/**
 * The stages of a plan, in the order of time. A plan whose load stays as it is has one. Where the number of workers was set
 * while the run went on, the stages end there, and each of these numbers is one.
 */
export function stagesOf(plan: Planned, scalings: readonly Scaling[] = []): readonly Stage[] {
  const stages = groupsOf(plan).flatMap(({ scenario, atMs, model }): readonly Stage[] => {
    if (model.kind !== 'workers' && model.kind !== 'arrivals') return [];
    let fromMs = atMs;
    return model.profile.flatMap(({ forMs, from, to }): readonly Stage[] => {
      const begin = fromMs;
      fromMs += forMs;
      const kind = from === to ? 'steady' : 'ramp';
      return forMs > 0 ? [{ scenario, kind, of: model.kind, from, to, fromMs: begin, toMs: fromMs }] : [];
    });
  });
  const planned = stages.sort((a, b) => a.fromMs - b.fromMs);
  return scalings.length === 0 ? planned : scaledStages(planned, scalings);
}

function scaledStages(planned: readonly Stage[], scalings: readonly Scaling[]): readonly Stage[] {
  const endMs = Math.max(0, ...planned.map(({ toMs }) => toMs));
  const scenario = planned[0]?.scenario;
  const cutMs = scalings[0]?.atMs ?? endMs;
  const before = planned
    .filter(({ fromMs }) => fromMs < cutMs)
    .map((stage): Stage => {
      if (stage.toMs <= cutMs) return stage;
      const { from, to, fromMs, toMs } = stage;
      return { ...stage, to: Math.round(from + ((to - from) * (cutMs - fromMs)) / (toMs - fromMs)), toMs: cutMs };
    });
  const after = scalings.map(({ atMs: fromMs, workers }, i): Stage => {
    const toMs = scalings[i + 1]?.atMs ?? endMs;
    return { scenario, kind: 'steady', of: 'workers', from: workers, to: workers, fromMs, toMs };
  });
  return [...before, ...after.filter(({ fromMs, toMs }) => fromMs < toMs)];
}
