import type { RunPlan } from '@loads/core';
import { type LoadedRun, loadRun, type PlanRequest } from '../config/load-plan.ts';
import { type DeclaredScenarios, inspectScenario } from '../preflight/inspect-scenario.ts';
import type { Inspector } from '../preflight/inspector.ts';
import type { RunRecord } from '../store/run-folder.ts';

/** A plan and where it runs, and what its scenario file declares. */
export type PreparedPlan = LoadedRun & {
  readonly declared: DeclaredScenarios | undefined;
  /** Where programs run when it is not the current folder: that of a fetched project. */
  readonly workingDirectory?: string | undefined;
} & Pick<RunRecord, 'labels' | 'metadata' | 'commandLine'>;

/** Loads a plan and its scenario file, once, in the `inspector` if one waits. Throws what `loadPlan` throws, and the signal's reason. */
export async function preparePlan(
  request: PlanRequest,
  signal: AbortSignal,
  inspector?: Inspector | undefined,
): Promise<PreparedPlan> {
  let declared: DeclaredScenarios | undefined;
  const loaded = await loadRun({
    ...request,
    async inspect(file, env, extensions) {
      declared = await inspectScenario(file, env, signal, extensions, inspector);
      return declared;
    },
  });
  // There may have been nothing to load.
  inspector?.kill();
  signal.throwIfAborted();
  return { ...loaded, declared: declared && weighted(declared, loaded.plan.weights) };
}

/** What is declared, with the weights that the plan gives. */
function weighted(declared: DeclaredScenarios, weights: RunPlan['weights'] = {}): DeclaredScenarios {
  const scenarios = declared.scenarios.map(({ name, weight }) => ({ name, weight: weights[name] ?? weight }));
  return { ...declared, scenarios };
}
