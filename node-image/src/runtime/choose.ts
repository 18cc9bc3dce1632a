import { didYouMean, draw, type LoadGroup, LoadsError, type RunPlan, randomSequence } from '@loads/core';
import { scenarioPicker as byWeight } from '../api/pick-scenario.ts';
import type { RegisteredScenario, ScenarioFile } from '../api/registry.ts';

/** The scenarios that a group of a plan runs. Throws ERR_CONFIG for one that the file does not declare. */
export function scenariosOf(
  file: ScenarioFile,
  { singleMode }: Pick<RunPlan, 'singleMode'>,
  { scenario }: Pick<LoadGroup, 'scenario'>,
): readonly RegisteredScenario[] {
  const name = scenario ?? singleMode;
  if (name === undefined) return file.scenarios.filter(({ weight }) => weight > 0);
  return [named(file, name)];
}

/** The file with other weights, by scenario. Throws ERR_CONFIG for a scenario that it does not declare, and when none is left. */
export function withWeights(file: ScenarioFile, weights: RunPlan['weights'] = {}): ScenarioFile {
  for (const name of Object.keys(weights)) named(file, name);
  const scenarios = file.scenarios.map((one) => ({ ...one, weight: weights[one.name] ?? one.weight }));
  if (scenarios.every(({ weight }) => weight === 0))
    throw new LoadsError('ERR_CONFIG', 'the weights of all scenarios are 0');
  return { ...file, scenarios };
}

/** The scenario of a name. Throws ERR_CONFIG when the file does not declare it. */
export function named({ scenarios }: ScenarioFile, name: string): RegisteredScenario {
  const found = scenarios.find((one) => one.name === name);
  if (found) return found;
  const names = scenarios.map((one) => one.name);
  const hint = didYouMean(name, names);
  const choice = hint ? `did you mean '${hint}'?` : `there are ${names.join(', ')}`;
  throw new LoadsError('ERR_CONFIG', `there is no scenario '${name}'; ${choice}`);
}

/** Picks the scenarios of one worker, as its own sequence of draws or the file's picker says. */
export function pickForWorker(
  file: ScenarioFile,
  scenarios: readonly RegisteredScenario[],
  { seed, worker }: { readonly seed: number; readonly worker: number },
): (iteration: number) => RegisteredScenario {
  const [only, ...more] = scenarios;
  if (file.scenarioPicker && more.length > 0) return (iteration) => pickedBy(file, worker, iteration);
  if (only && more.length === 0) return always(only);
  const random = randomSequence(seed, 'worker', worker);
  const pick = byWeight(scenarios);
  return () => pick(random());
}

/** Picks the scenario of a numbered iteration or arrival, whoever runs it: how the run is split changes nothing. */
export function pickForNumber(
  scenarios: readonly RegisteredScenario[],
  seed: number,
  kind: 'iteration' | 'arrival',
): (number: number) => RegisteredScenario {
  const [only, ...more] = scenarios;
  if (only && more.length === 0) return always(only);
  const pick = byWeight(scenarios);
  return (number) => pick(draw(seed, kind, number));
}

/** A function of its own, which holds nothing else: each worker has one. */
function always(scenario: RegisteredScenario): () => RegisteredScenario {
  return () => scenario;
}

/** What the file's own picker says. Throws when it names no scenario. */
export function pickedBy(file: ScenarioFile, worker: number, iteration: number): RegisteredScenario {
  const name: unknown = file.scenarioPicker?.(worker, iteration);
  const found = file.scenarios.find((one) => one.name === name);
  if (!found) throw new Error(`the scenario picker named '${String(name)}', which is no scenario`);
  return found;
}
