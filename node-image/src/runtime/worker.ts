import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { type Pacer, randomSequence } from '@loads/core';
import type { ScenarioContext } from '../api/context.ts';
import { scenarioPicker } from '../api/pick-scenario.ts';
import type { RegisteredScenario } from '../api/registry.ts';
import { createHttpClient, type HttpClient } from '../http/http-client.ts';
import { RequestError } from '../http/request-error.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { NodeBrief } from './link-client.ts';
import type { RunStage } from './run-stage.ts';

/** A worker gives the event loop a turn at least this often, ms: a scenario that never waits must not block the node. */
const TURN_MS = 10;

/** What all workers of a process share. */
export type Crew = {
  readonly brief: NodeBrief;
  readonly scenarios: readonly RegisteredScenario[];
  readonly pacer: Pacer;
  readonly stage: RunStage;
  readonly recorder: Recorder;
  readonly dial: ReadonlyMap<string, { readonly host: string; readonly port: number }>;
  readonly data: unknown;
  /** No further iteration is to begin. */
  readonly stopped: AbortSignal;
  /** Iterations in flight are to be cut. */
  readonly cut: AbortSignal;
};

/** One worker: runs iteration after iteration as the pacer says, with its own connections and variables. */
export class Worker {
  readonly #id: number;
  readonly #crew: Crew;
  readonly #http: HttpClient;
  readonly #vars: Record<string, unknown> = {};
  #scenario = '';
  #running = false;
  #cutIterations = 0;

  constructor(id: number, crew: Crew) {
    this.#id = id;
    this.#crew = crew;
    const { brief, dial, cut, recorder } = crew;
    this.#http = createHttpClient({
      baseUrl: brief.plan.target,
      dial,
      signal: cut,
      onRequest: (sample) => recorder.request(this.#scenario, sample),
    });
  }

  /** Whether an iteration is in flight. */
  get running(): boolean {
    return this.#running;
  }

  /** How many iterations were cut. */
  get cutIterations(): number {
    return this.#cutIterations;
  }

  /** Runs until the pacer or a signal ends it. */
  async run(): Promise<void> {
    const { brief, scenarios, pacer, stage, stopped, cut } = this.#crew;
    const random = randomSequence(brief.plan.seed, 'worker', this.#id);
    const pick = scenarioPicker(scenarios);
    let lastTurnMs = performance.now();
    let iteration = 0;
    while (!stopped.aborted) {
      const pace = pacer.pace(stage.elapsed());
      if (pace.kind === 'stop') break;
      if (pace.kind === 'wait') {
        // A stop ends the wait early, and the loop.
        await wait(pace.ms, undefined, { signal: stopped }).catch(() => undefined);
        continue;
      }
      await this.#iterate(pick(random()), iteration++);
      if (performance.now() - lastTurnMs > TURN_MS) {
        await nextTurn();
        lastTurnMs = performance.now();
      }
    }
    if (!cut.aborted) await this.#http.close();
  }

  async #iterate(scenario: RegisteredScenario, iteration: number): Promise<void> {
    const { recorder, cut } = this.#crew;
    this.#scenario = scenario.name;
    this.#running = true;
    const fromMs = performance.now();
    try {
      await scenario.run(this.#context(scenario.name, iteration));
      recorder.iteration(scenario.name, fromMs, performance.now(), false);
    } catch (error) {
      if (cut.aborted) this.#cutIterations += 1;
      else this.#failed(scenario.name, fromMs, error);
    } finally {
      this.#running = false;
    }
  }

  #failed(scenario: string, fromMs: number, error: unknown): void {
    const { recorder } = this.#crew;
    // The failure of a request has been counted with the request.
    const own = error instanceof RequestError ? undefined : 'assertion';
    recorder.iteration(scenario, fromMs, performance.now(), true, own);
    recorder.errors.add(scenario, error instanceof RequestError ? error.failure : 'assertion', error);
  }

  #context(scenario: string, iteration: number): ScenarioContext {
    const { brief, recorder, data, cut } = this.#crew;
    return {
      http: this.#http,
      check(condition, name) {
        recorder.check(scenario, name, condition, performance.now());
        return condition;
      },
      sleep: async (ms) => {
        await wait(ms, undefined, { signal: cut });
      },
      vars: this.#vars,
      data,
      signal: cut,
      worker: this.#id,
      iteration,
      node: brief.node,
      env: brief.plan.env,
    };
  }
}
