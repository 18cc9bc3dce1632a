import { arrivalPacer, type LoadGroup, numberOf, shareOf } from '@loads/core';
import type { RegisteredScenario } from '../api/registry.ts';
import { pickedBy, pickForNumber } from './choose.ts';
import type { Crew } from './crew.ts';
import type { GroupPlace, GroupRun } from './group-run.ts';
import { OpenLoad } from './open-load.ts';
import { Worker } from './worker.ts';

/** A process's part of an open model: its share of the arrivals, and the workers that they take. */
export function openRun(
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
    busyWait: brief.plan.busyWait ?? false,
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
