import type { RunPlan } from '../plan/run-plan.ts';
import { groupsOf } from './groups.ts';
import { capacityOf, type LoadGroup, type LoadModel } from './load-group.ts';
import type { Pace } from './pace.ts';
import { type Profile, profileMs } from './profile.ts';
import { shareOf } from './slot.ts';
import type { WorkerPacer } from './worker-pacer.ts';

/** The number of workers was set while the run went on. */
export type Scaling = {
  /** ms from the start of the run. */
  readonly atMs: number;
  /** Over all nodes. */
  readonly workers: number;
};

/** The most workers that a run can be set to: beyond it nothing but a slip of the finger is meant. */
export const MOST_WORKERS = 1_000_000;

type Scaled = Pick<RunPlan, 'nodes' | 'workers' | 'durationMs' | 'processes' | 'each' | 'load' | 'scenario'>;
type WorkersGroup = LoadGroup & { readonly model: Extract<LoadModel, { kind: 'workers' }> };

/** The group whose number of workers can be set while the run goes on; of a run that has none, why. */
export function scalableGroup(plan: Scaled): WorkersGroup | { readonly obstacle: string } {
  if (plan.scenario.kind === 'command') return { obstacle: 'its load is made by a program of its own' };
  const [group, ...more] = groupsOf(plan);
  if (!group || more.length > 0) return { obstacle: 'its scenarios have loads of their own' };
  const { model } = group;
  if (model.kind !== 'workers') return { obstacle: OBSTACLES[model.kind] };
  return { ...group, model };
}

const OBSTACLES: Readonly<Record<Exclude<LoadModel['kind'], 'workers'>, string>> = {
  arrivals: 'its load is a rate of arrivals, which take as many workers as they need',
  iterations: 'its load is a number of iterations',
  hits: 'its load is a number of iterations of each worker',
  once: 'every scenario is run once',
};

/** How many workers the plan of a scalable group has at `elapsedMs` from the start of the run, over all nodes. */
export function plannedWorkers(plan: Scaled, { atMs, model }: WorkersGroup, elapsedMs: number): number {
  const own = Math.ceil(valueAt(model.profile, elapsedMs - atMs));
  return plan.each ? own * plan.nodes : own;
}

/** Which number of workers a node takes its processes' shares from, when the run is to have `workers` over all nodes. */
export function workersBefore({ each, nodes }: Pick<Scaled, 'each' | 'nodes'>, node: number, workers: number): number {
  return each ? shareOf(workers, { index: node - 1, count: nodes }) : workers;
}

/** The number of a worker of a rank in the only group of a plan, also beyond those that were planned: unique over all nodes. */
export function workerNumber(plan: Scaled, node: number, rank: number): number {
  const planned = groupsOf(plan).reduce((sum, { model }) => sum + capacityOf(model), 0);
  if (!plan.each) return rank;
  return rank < planned
    ? (node - 1) * planned + rank
    : plan.nodes * planned + (rank - planned) * plan.nodes + (node - 1);
}

export type ScaledPacerOptions = {
  /** What the worker does as long as nobody has set a number. */
  readonly planned: WorkerPacer;
  readonly rank: number;
  /** How long iterations may begin, ms. */
  readonly durationMs: number;
  readonly limit?: number | undefined;
  /** The number of workers that was set last; undefined: none. */
  readonly workers: () => number | undefined;
};

/** A worker of the plan, until a number is set: from then on to the end it works while its rank is below that number. */
export function scaledPacer({ planned, rank, durationMs, limit, workers }: ScaledPacerOptions): WorkerPacer {
  return {
    pace(elapsedMs, begun): Pace {
      const wanted = workers();
      if (wanted === undefined) return planned.pace(elapsedMs, begun);
      if (elapsedMs >= durationMs || begun >= (limit ?? Number.POSITIVE_INFINITY)) return { kind: 'stop' };
      if (elapsedMs < 0) return { kind: 'wait', ms: -elapsedMs };
      return rank < wanted ? { kind: 'start' } : { kind: 'wait', ms: durationMs - elapsedMs };
    },
  };
}

function valueAt(profile: Profile, elapsedMs: number): number {
  let fromMs = 0;
  for (const { forMs, from, to } of profile) {
    const within = elapsedMs - fromMs;
    if (within >= 0 && within < forMs) return from + ((to - from) * within) / forMs;
    fromMs += forMs;
  }
  return elapsedMs < 0 || elapsedMs >= profileMs(profile) ? 0 : (profile.at(-1)?.to ?? 0);
}
