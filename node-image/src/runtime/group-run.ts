import {
  activeSpans,
  arrivalPacer,
  capacityOf,
  type LoadGroup,
  numberOf,
  type Slot,
  type Span,
  shareOf,
  workerPacer,
} from '@loads/core';
import type { RegisteredScenario } from '../api/registry.ts';
import { pickedBy, pickForNumber, pickForWorker, scenariosOf } from './choose.ts';
import { type Work, workOff } from './closed-load.ts';
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

type Rank = { readonly worker: Worker; readonly rank: number };

function closedRun(
  group: LoadGroup,
  scenarios: readonly RegisteredScenario[],
  { slot, firstWorker }: GroupPlace,
  crew: Crew,
): GroupRun {
  const most = shareOf(capacityOf(group.model), slot);
  const ranks = Array.from({ length: most }, (_, i): Rank => {
    const rank = numberOf(i, slot);
    return { rank, worker: new Worker(firstWorker + rank, crew) };
  });
  const rounds = roundsOf(group, scenarios, slot, crew);
  let working = 0;
  const live = async ({ worker, rank }: Rank): Promise<void> => {
    const [first] = rounds(worker, rank);
    // A worker's own setup is part of its ramp.
    if (!first || !(await untilBegin(first, crew))) return;
    working += 1;
    if (await worker.begin()) {
      let begun = 0;
      for (const work of rounds(worker, rank)) begun = await workOff(worker, work, crew, begun);
    }
    working -= 1;
    await worker.finish();
  };
  return {
    workers: ranks.map(({ worker }) => worker),
    atWork: () => working,
    async run() {
      await Promise.all(ranks.map((one) => one.worker.enter(() => live(one))));
    },
  };
}

/** Waits until a worker is to begin; false when a stop came first, or it has nothing to do. */
async function untilBegin({ atMs, pace }: Work, { stage, stopped }: Crew): Promise<boolean> {
  while (!stopped.aborted) {
    const next = pace(stage.elapsed() - atMs, 0);
    if (next.kind === 'start') return true;
    if (next.kind === 'stop') return false;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.min(next.ms, 0x7fff_ffff));
    stopped.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
  }
  return false;
}

/** What a worker of some rank does, one work after the other. */
function roundsOf(
  group: LoadGroup,
  scenarios: readonly RegisteredScenario[],
  slot: Slot,
  { file, brief }: Crew,
): (worker: Worker, rank: number) => readonly Work[] {
  const { atMs, durationMs, model, delay, pacingMs, maxRuns: limit } = group;
  const { seed } = brief.plan;
  const endMs = durationMs ?? Number.MAX_SAFE_INTEGER;
  const rest = { atMs, delay, pacingMs };
  const from = (fromMs: number): readonly Span[] => (fromMs < endMs ? [{ fromMs, toMs: endMs }] : []);
  const pickOf = (worker: Worker): Work['pick'] => pickForWorker(file, scenarios, { seed, worker: worker.id });
  switch (model.kind) {
    case 'iterations': {
      const share = shareOf(model.iterations, slot);
      const byNumber = pickForNumber(scenarios, seed, 'iteration');
      let taken = 0;
      return (worker, rank) => {
        const { pace } = workerPacer({ spans: from((rank * model.rampUpMs) / model.workers), limit });
        return [
          {
            ...rest,
            pace: (elapsedMs, begun) => (taken < share ? pace(elapsedMs, begun) : { kind: 'stop' }),
            pick(begun) {
              const number = numberOf(taken++, slot);
              return file.scenarioPicker && scenarios.length > 1 ? pickedBy(file, worker.id, begun) : byNumber(number);
            },
          },
        ];
      };
    }
    case 'hits':
      return (worker, rank) =>
        model.rounds.flatMap(({ workers, hits }, i): readonly Work[] => {
          if (rank >= workers) return [];
          const begins = i === 0 ? (rank * model.rampUpMs) / workers : 0;
          const { pace } = workerPacer({ spans: from(begins), limit: hits });
          return [{ ...rest, pace, pick: pickOf(worker) }];
        });
    case 'once':
      return (_, __) => {
        const { pace } = workerPacer({ spans: from(0), limit: scenarios.length });
        return [{ ...rest, pace, pick: (begun) => scenarios[begun] as RegisteredScenario }];
      };
    case 'workers':
      return (worker, rank) => {
        const { pace } = workerPacer({ spans: activeSpans(model.profile, rank), limit });
        return [{ ...rest, pace, pick: pickOf(worker) }];
      };
    default:
      return () => [];
  }
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
