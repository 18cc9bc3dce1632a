import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Pace, type Pause, pauseAfter, randomSequence } from '@loads/core';
import type { RegisteredScenario } from '../api/registry.ts';
import type { Crew } from './crew.ts';
import { loopTurns } from './loop-turns.ts';
import { waitUnless } from './waiting.ts';
import type { Worker } from './worker.ts';

/** What a worker of a closed model is to do. */
export type Work = {
  /** ms from the start of the run until the work begins. */
  readonly atMs: number;
  /** What is to be done at `elapsedMs` of the work, when `begun` iterations of this worker have begun. */
  readonly pace: (elapsedMs: number, begun: number) => Pace;
  /** Aborts when what the pace says may have changed: a wait ends then. */
  readonly changed?: (() => AbortSignal) | undefined;
  /** The scenario of the iteration that begins now, `begun` before it. */
  readonly pick: (begun: number) => RegisteredScenario;
  readonly delay?: Pause | undefined;
  readonly pacingMs?: number | undefined;
};

/** Runs iteration after iteration as the work says, until it or a stop ends it. Gives how many it has begun. */
export async function workOff(worker: Worker, work: Work, { stage, stopped, brief }: Crew, begun = 0): Promise<number> {
  const { atMs, pace, pick, pacingMs } = work;
  let draw: (() => number) | undefined;
  const first = begun;
  // Asking for the time costs more than all else here: once an iteration, and after every wait.
  let nowMs = performance.now();
  let iteration = begun;
  while (!stopped.aborted) {
    const next = pace(stage.elapsed(nowMs) - atMs, iteration - first);
    if (next.kind === 'stop') break;
    if (next.kind === 'wait') {
      await waitUnless(next.ms, stopped, work.changed?.());
      nowMs = performance.now();
      continue;
    }
    const fromMs = nowMs;
    const scenario = picked(worker, pick, iteration);
    if (scenario) await worker.iterate(scenario, iteration);
    iteration += 1;
    const delay = work.delay ?? scenario?.delay;
    nowMs = performance.now();
    let pauseMs = 0;
    if (delay !== undefined || pacingMs !== undefined) {
      draw ??= randomSequence(brief.plan.seed, 'pause', worker.id);
      pauseMs = pauseAfter(nowMs - fromMs, { delay, pacingMs }, draw);
    }
    if (pauseMs > 0) await waitUnless(pauseMs, stopped);
    else if (loopTurns.isDue(nowMs)) await nextTurn();
    else continue;
    nowMs = performance.now();
  }
  return iteration;
}

/** A picker that throws has failed the iteration. */
function picked(worker: Worker, pick: Work['pick'], iteration: number): RegisteredScenario | undefined {
  try {
    return pick(iteration);
  } catch (error) {
    worker.failed('scenarioPicker', error);
    return undefined;
  }
}
