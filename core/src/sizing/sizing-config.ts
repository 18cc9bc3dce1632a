import type { LoadConfig, ScenarioConfig } from '../load/load-schema.ts';
import type { Problem } from '../plan/problem.ts';

/** How a plan is sized: its load is the highest that is tried. */
export type SizingPlan = {
  /** The share of failures up to which a load holds, 0-1. */
  readonly tolerance: number;
};

/** Percent; Molotov's. */
export const DEFAULT_TOLERANCE_PERCENT = 5;
/** The highest load of a sizing that names none: Molotov's workers. */
const DEFAULT_CEILING = 500;
const DEFAULT_TRIAL_MS = 15_000;
/** The part of a trial in which its workers begin, where nothing is said of it. */
const RAMP_SHARE = 0.1;

type SizedConfig = LoadConfig & {
  readonly sizing: boolean;
  readonly sizingTolerance?: number | undefined;
  readonly scenarios: Readonly<Record<string, ScenarioConfig>>;
  readonly command?: readonly string[] | undefined;
  readonly singleRun: boolean;
  readonly stopOnFailure: boolean;
};

/** The configuration of a sizing with what it leaves open; one without `sizing` stays as it is. */
export function withSizingDefaults<Config extends SizedConfig>(config: Config): Config {
  if (!config.sizing) return config;
  const { duration = DEFAULT_TRIAL_MS, rate, workers = [DEFAULT_CEILING], rampUp = duration * RAMP_SHARE } = config;
  return rate === undefined ? { ...config, duration, workers, rampUp } : { ...config, duration };
}

/** What cannot be meant together with `sizing`: a load that has no one height, or an end that is not the trial's. */
export function sizingProblems(config: SizedConfig): readonly Problem[] {
  const { sizing, sizingTolerance, scenarios, workers = [], rate, singleRun, stopOnFailure, command } = config;
  if (!sizing) return sizingTolerance === undefined ? [] : [{ path: ['sizingTolerance'], message: 'needs `sizing`' }];
  const problems: Problem[] = [];
  const refuse = (key: string, why: string): void => void problems.push({ path: [key], message: why });
  const search = 'a sizing searches for one number: say the highest `workers` or `rate`';
  for (const key of ['stages', 'iterations', 'hits'] as const) if (config[key] !== undefined) refuse(key, search);
  if (Object.keys(scenarios).length > 0) refuse('scenarios', search);
  if (workers.length > 1) refuse('workers', search);
  if (command) refuse('command', 'a sizing is for a scenario file: the load of a command is its own');
  if (singleRun) refuse('singleRun', '`singleRun` and `sizing` exclude each other');
  if (stopOnFailure)
    refuse('stopOnFailure', '`stopOnFailure` and `sizing` exclude each other: say `sizingTolerance: 0`');
  if (rate === 0) refuse('rate', 'expected a rate over 0');
  return problems;
}
