import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { type Pace, type Pause, pauseAfter, randomSequence } from '@loads/core';
import type { RegisteredScenario } from '../api/registry.ts';
import type { Crew } from './crew.ts';
import { loopTurns } from './loop-turns.ts';
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
  const draw = randomSequence(brief.plan.seed, 'pause', worker.id);
  const first = begun;
  // Asking for the time costs more than all else here: once an iteration, and after every wait.
  let nowMs = performance.now();
  let iteration = begun;
  while (!stopped.aborted) {
    const next = pace(stage.elapsed(nowMs) - atMs, iteration - first);
    if (next.kind === 'stop') break;
    if (next.kind === 'wait') {
      await unlessStopped(next.ms, work.changed ? AbortSignal.any([stopped, work.changed()]) : stopped);
      nowMs = performance.now();
      continue;
    }
    const fromMs = nowMs;
    const scenario = picked(worker, pick, iteration);
    if (scenario) await worker.iterate(scenario, iteration);
    iteration += 1;
    const delay = work.delay ?? scenario?.delay;
    nowMs = performance.now();
    const pauseMs =
      delay === undefined && pacingMs === undefined ? 0 : pauseAfter(nowMs - fromMs, { delay, pacingMs }, draw);
    if (pauseMs > 0) await unlessStopped(pauseMs, stopped);
    else if (loopTurns.isDue(nowMs)) await nextTurn();
    else continue;
    nowMs = performance.now();
  }
  return iteration;
}

/** A stop ends the wait early. */
async function unlessStopped(ms: number, stopped: AbortSignal): Promise<void> {
  // A timer of Node's holds no more than this; who waits longer asks again.
  await wait(Math.min(ms, 0x7fff_ffff), undefined, { signal: stopped }).catch(() => undefined);
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
