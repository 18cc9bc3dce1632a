import type { RunPlan } from '../plan/run-plan.ts';
import { arrivalsOf } from './arrivals.ts';
import { capacityOf, type LoadGroup, type LoadModel } from './load-group.ts';
import { peakOf } from './profile.ts';
import { type Slot, shareOf, slotOf } from './slot.ts';

type Loaded = Pick<RunPlan, 'nodes' | 'workers' | 'durationMs' | 'processes' | 'each' | 'load'>;

/** The groups of a plan; one that says no more than workers and a duration has one group, with all scenarios. */
export function groupsOf({ load, workers, durationMs, nodes, each }: Loaded): readonly LoadGroup[] {
  if (load) return load;
  const own = each ? workers / nodes : workers;
  const profile = [{ forMs: durationMs ?? Number.MAX_SAFE_INTEGER, from: own, to: own }];
  return [{ atMs: 0, durationMs, model: { kind: 'workers', profile } }];
}

/** Which part of every group's load a process makes. With `each` the processes of one node share all of it. */
export function loadSlot({ nodes, processes = 1, each }: Loaded, node: number, process: number): Slot {
  return each ? { index: process - 1, count: processes } : slotOf({ nodes, processes }, node, process);
}

/** The number of the first worker of each group on a node: a worker's number is unique over groups and nodes. */
export function firstWorkers(plan: Loaded, node: number): readonly number[] {
  const groups = groupsOf(plan);
  const capacities = groups.map(({ model }) => capacityOf(model));
  const all = capacities.reduce((sum, one) => sum + one, 0);
  const first = plan.each ? (node - 1) * all : 0;
  return capacities.map((_, i) => first + capacities.slice(0, i).reduce((sum, one) => sum + one, 0));
}

/** What one node does: counts of all its processes together. */
export type NodeShare = {
  /** The most workers at a time of closed models. */
  readonly workers: number;
  /** Iterations that are to be run; undefined where only time limits them. */
  readonly iterations?: number | undefined;
  /** Arrivals that are planned; undefined without an open model. */
  readonly arrivals?: number | undefined;
  /** The highest number of arrivals per second. */
  readonly peakRate?: number | undefined;
  /** The most workers that arrivals may take. */
  readonly maxWorkers?: number | undefined;
};

/** What a node is going to do, for people to read before the start. */
export function nodeShare(plan: Loaded, node: number): NodeShare {
  const slots = Array.from({ length: plan.processes ?? 1 }, (_, i) => loadSlot(plan, node, i + 1));
  const share = (total: number): number => slots.reduce((sum, slot) => sum + shareOf(total, slot), 0);
  const parts = groupsOf(plan).map(({ model }) => shareOfModel(model, share, slots));
  const sum = (pick: (one: NodeShare) => number | undefined): number | undefined => {
    const values = parts.map(pick).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
  };
  return {
    workers: sum(({ workers }) => workers) ?? 0,
    iterations: sum(({ iterations }) => iterations),
    arrivals: sum(({ arrivals }) => arrivals),
    peakRate: sum(({ peakRate }) => peakRate),
    maxWorkers: sum(({ maxWorkers }) => maxWorkers),
  };
}

function shareOfModel(model: LoadModel, share: (total: number) => number, slots: readonly Slot[]): NodeShare {
  const workers = share(capacityOf(model));
  switch (model.kind) {
    case 'workers':
    case 'once':
      return { workers };
    case 'iterations':
      return { workers, iterations: share(model.iterations) };
    case 'hits':
      return { workers, iterations: model.rounds.reduce((sum, round) => sum + share(round.workers) * round.hits, 0) };
    case 'arrivals': {
      const ratio = slots.length / (slots[0]?.count ?? 1);
      const peakRate = peakOf(model.profile) * ratio;
      return { workers: 0, arrivals: share(arrivalsOf(model.profile)), peakRate, maxWorkers: workers };
    }
  }
}
