import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ArrivalPacer } from '@loads/core';
import type { RegisteredScenario } from '../api/registry.ts';
import type { Crew } from './crew.ts';
import { waitUnless } from './waiting.ts';
import type { Worker } from './worker.ts';

/** Overdue arrivals are begun in one turn of the event loop for so long, ms: answers have to be read, too. */
const TURN_MS = 10;
/** A timer of Node's comes up to 1 ms late, and a core that has slept later than that: from here on it is kept awake, ms. */
const NEAR_MS = 3;

export type OpenLoadOptions = {
  readonly crew: Crew;
  /** ms from the start of the run until the first arrival may be due. */
  readonly atMs: number;
  /** Turns the event loop instead of sleeping when the next arrival is near. */
  readonly busyWait: boolean;
  readonly arrivals: ArrivalPacer;
  /** Workers that are ready at the start. */
  readonly ready: number;
  /** The most workers. */
  readonly most: number;
  /** Makes the worker number `index` (from 0) of this process. */
  readonly recruit: (index: number) => Worker;
  /** The scenario of this process's arrival number `sent`. */
  readonly pick: (worker: Worker, sent: number) => RegisteredScenario;
  /** The name under which an arrival is counted that found nobody. */
  readonly scenarioOf: (sent: number) => string;
};

/** An open model: iterations begin when they are due, in whichever worker is free. */
export class OpenLoad {
  readonly #options: OpenLoadOptions;
  readonly #idle: Worker[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #workers = 0;

  constructor(options: OpenLoadOptions) {
    this.#options = options;
  }

  /** How many workers have an iteration under way. */
  get busy(): number {
    return this.#underWay.size;
  }

  /** Begins every arrival, and resolves when all their iterations have ended. */
  async run(): Promise<void> {
    const { crew, atMs, arrivals, ready, busyWait } = this.#options;
    const { stage, stopped } = crew;
    for (const worker of await Promise.all(Array.from({ length: ready }, () => this.#recruit())))
      if (worker) this.#idle.push(worker);
    const startMs = performance.now() - stage.elapsed() + atMs;
    let turnMs = performance.now();
    for (let sent = 0; !stopped.aborted; ) {
      const plannedMs = arrivals.plannedMs(sent);
      if (plannedMs === undefined) break;
      const dueMs = startMs + plannedMs;
      const nowMs = performance.now();
      if (dueMs > nowMs) {
        if (!busyWait) await waitUnless(dueMs - nowMs, stopped);
        else if (dueMs - nowMs > NEAR_MS) await waitUnless(dueMs - nowMs - NEAR_MS, stopped);
        else await nextTurn();
        turnMs = performance.now();
      } else if (nowMs - turnMs > TURN_MS) {
        await nextTurn();
        turnMs = performance.now();
      } else this.#arrive(sent++, dueMs);
    }
    while (this.#underWay.size > 0) await Promise.race(this.#underWay);
  }

  #arrive(sent: number, dueMs: number): void {
    const { crew, most, scenarioOf } = this.#options;
    const worker = this.#idle.pop();
    if (!worker && this.#workers >= most) {
      crew.measures.dropped(scenarioOf(sent), dueMs);
      return;
    }
    const iteration = (worker ? this.#iterate(worker, sent, dueMs) : this.#hire(sent, dueMs)).finally(() => {
      this.#underWay.delete(iteration);
    });
    this.#underWay.add(iteration);
  }

  async #hire(sent: number, dueMs: number): Promise<void> {
    const worker = await this.#recruit();
    if (worker) await this.#iterate(worker, sent, dueMs);
  }

  async #iterate(worker: Worker, sent: number, dueMs: number): Promise<void> {
    const { crew, pick } = this.#options;
    const fromMs = performance.now();
    try {
      const scenario = pick(worker, sent);
      const ended = await worker.enter(() => worker.iterate(scenario, sent));
      if (ended) crew.measures.planned(scenario.name, dueMs, fromMs, performance.now());
    } catch (error) {
      worker.failed('scenarioPicker', error);
    }
    this.#idle.push(worker);
  }

  /** Makes one more worker, and has it ready; undefined when its fixtures threw. */
  async #recruit(): Promise<Worker | undefined> {
    const worker = this.#options.recruit(this.#workers++);
    return (await worker.enter(() => worker.begin())) ? worker : undefined;
  }
}
