import type { RegisteredScenario } from './registry.ts';

/** Gives a function that picks a scenario by weight from a draw in [0, 1). At least one weight must be over 0. */
export function scenarioPicker(scenarios: readonly RegisteredScenario[]): (draw: number) => RegisteredScenario {
  const total = scenarios.reduce((sum, { weight }) => sum + weight, 0);
  const weighted = scenarios.filter(({ weight }) => weight > 0);
  return function pick(draw: number): RegisteredScenario {
    let upTo = 0;
    for (const scenario of weighted) {
      upTo += scenario.weight / total;
      if (draw < upTo) return scenario;
    }
    // The shares may add up to a hair under 1.
    return weighted.at(-1) as RegisteredScenario;
  };
}
