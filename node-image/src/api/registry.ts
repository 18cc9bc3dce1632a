import { LoadsError } from '@loads/core';
import type { ScenarioFunction, ScenarioOptions, SetupFunction, TeardownFunction } from './context.ts';

export type RegisteredScenario = { readonly name: string; readonly weight: number; readonly run: ScenarioFunction };

/** What a scenario file has registered while it was loaded. */
export type ScenarioFile = {
  readonly scenarios: readonly RegisteredScenario[];
  readonly setup: SetupFunction | undefined;
  readonly teardown: TeardownFunction | undefined;
};

/** Collects what a scenario file registers. There is one for a process, as there is one scenario file. */
export class Registry {
  readonly #scenarios: RegisteredScenario[] = [];
  #setup: SetupFunction | undefined;
  #teardown: TeardownFunction | undefined;

  addScenario(name: string, weight: number, run: ScenarioFunction): void {
    if (this.#scenarios.some((scenario) => scenario.name === name))
      throw refused(`scenario '${name}' is declared twice`);
    if (!Number.isFinite(weight) || weight < 0) {
      throw refused(`scenario '${name}' has weight ${weight}`, 'a weight is a number of 0 or more');
    }
    if (typeof run !== 'function') throw refused(`scenario '${name}' has no function`);
    this.#scenarios.push({ name, weight, run });
  }

  setSetup(run: SetupFunction): void {
    if (this.#setup) throw refused('`setup` is declared twice');
    this.#setup = run;
  }

  setTeardown(run: TeardownFunction): void {
    if (this.#teardown) throw refused('`teardown` is declared twice');
    this.#teardown = run;
  }

  /** What was registered. Throws ERR_SCENARIO_LOAD when there is nothing that could run. */
  finish(): ScenarioFile {
    if (this.#scenarios.length === 0) {
      throw refused('it declares no scenario', "declare one: scenario('name', async ({ http }) => { ... })");
    }
    if (this.#scenarios.every(({ weight }) => weight === 0)) {
      throw refused('the weights of all scenarios are 0', 'give at least one of them a weight over 0');
    }
    return { scenarios: this.#scenarios, setup: this.#setup, teardown: this.#teardown };
  }
}

/** The registry that the scenario file of this process writes into. */
export const registry: Registry = new Registry();

/** Declares a scenario: `scenario('read', { weight: 90 }, async ({ http, check }) => { ... })`. */
export function scenario(name: string, run: ScenarioFunction): void;
export function scenario(name: string, options: ScenarioOptions, run: ScenarioFunction): void;
export function scenario(name: string, second: ScenarioOptions | ScenarioFunction, third?: ScenarioFunction): void {
  if (typeof second === 'function') registry.addScenario(name, 1, second);
  // A JavaScript file may give anything here; `addScenario` says what is wrong with it.
  else registry.addScenario(name, (second as ScenarioOptions | undefined)?.weight ?? 1, third as ScenarioFunction);
}

/** Declares what runs once before the run, on the first node. Its result (JSON) is `data` in every iteration of all nodes. */
export function setup(run: SetupFunction): void {
  registry.setSetup(run);
}

/** Declares what runs once after the run, on the first node, also when the run failed or was stopped. */
export function teardown(run: TeardownFunction): void {
  registry.setTeardown(run);
}

function refused(message: string, hint?: string): LoadsError {
  return new LoadsError('ERR_SCENARIO_LOAD', message, { hint });
}
