import { arrivalPacer, type LoadGroup, numberOf, type Slot, shareOf } from '@loads/core';
import type { RegisteredScenario } from '../api/registry.ts';
import { pickedBy, pickForNumber, scenariosOf } from './choose.ts';
import { closedRun } from './closed-run.ts';
import type { Crew } from './crew.ts';
import { OpenLoad } from './open-load.ts';
import { Worker } from './worker.ts';

/** How a process makes its part of one group's load. */
export type GroupRun = {
  readonly workers: readonly Worker[];
  /** How many workers are at work now. */
  readonly atWork: () => number;
  /** Resolves when the group has no iteration to begin any more, and those that have begun have ended. */
  readonly run: () => Promise<void>;
};

/** Where a process stands in a group: its slot, and the number of the group's first worker. */
export type GroupPlace = { readonly slot: Slot; readonly firstWorker: number };

/** Prepares a process's part of a group. */
export function groupRun(group: LoadGroup, place: GroupPlace, crew: Crew): GroupRun {
  const scenarios = scenariosOf(crew.file, crew.brief.plan, group);
  return group.model.kind === 'arrivals'
    ? openRun(group, group.model, scenarios, place, crew)
    : closedRun(group, scenarios, place, crew);
}

function openRun(
  { atMs }: LoadGroup,
  model: Extract<LoadGroup['model'], { kind: 'arrivals' }>,
  scenarios: readonly RegisteredScenario[],
  { slot, firstWorker }: GroupPlace,
  crew: Crew,
): GroupRun {
  const { file, brief } = crew;
  const { profile, spacing, maxWorkers, workers: ready } = model;
  const workers: Worker[] = [];
  const byNumber = pickForNumber(scenarios, brief.plan.seed, 'arrival');
  const load = new OpenLoad({
    crew,
    atMs,
    arrivals: arrivalPacer({ profile, spacing, seed: brief.plan.seed, slot }),
    ready: shareOf(ready, slot),
    most: shareOf(maxWorkers, slot),
    recruit(index) {
      const worker = new Worker(firstWorker + numberOf(index, slot), crew);
      workers.push(worker);
      return worker;
    },
    pick: (worker, sent) =>
      file.scenarioPicker && scenarios.length > 1 ? pickedBy(file, worker.id, sent) : byNumber(numberOf(sent, slot)),
    scenarioOf: (sent) => byNumber(numberOf(sent, slot)).name,
  });
  return {
    workers,
    atWork: () => load.busy,
    async run() {
      await load.run();
      await Promise.all(workers.map((worker) => worker.finish()));
    },
  };
}
