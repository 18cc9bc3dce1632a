import {
  activeSpans,
  type LoadGroup,
  numberOf,
  type Slot,
  type Span,
  scaledPacer,
  shareOf,
  workerPacer,
  workersBefore,
} from '@loads/core';
import type { RegisteredScenario } from '../api/registry.ts';
import { pickedBy, pickForNumber, pickForWorker } from './choose.ts';
import type { Work } from './closed-load.ts';
import type { Crew } from './crew.ts';
import type { Worker } from './worker.ts';

/** What a worker of some rank does, one work after the other, when it has begun so many iterations before. */
export type Rounds = (worker: Worker, rank: number, begun: number) => readonly Work[];

/** What the workers of a closed model do in this process. */
export function roundsOf(
  group: LoadGroup,
  scenarios: readonly RegisteredScenario[],
  slot: Slot,
  { file, brief, workers }: Crew,
): Rounds {
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
      return (worker, rank, begun) => {
        const left = limit === undefined ? undefined : limit - begun;
        const planned = workerPacer({ spans: activeSpans(model.profile, rank), limit: left });
        const wanted = (): number | undefined =>
          workers.wanted === undefined ? undefined : workersBefore(brief.plan, brief.node, workers.wanted);
        const { pace } = scaledPacer({ planned, rank, durationMs: endMs, limit: left, workers: wanted });
        return [{ ...rest, pace, changed: () => workers.changed, pick: pickOf(worker) }];
      };
    default:
      return () => [];
  }
}
