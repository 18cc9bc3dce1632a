import { basename } from 'node:path';
import { didYouMean, type Problem, type RunPlan } from '@loads/core';
import type { DeclaredScenarios } from '../preflight/inspect-scenario.ts';
import type { Override, Overrides } from './overrides.ts';

/** What is a map by names, and so is merged name by name. */
const MAPS: readonly string[] = ['env', 'proxies', 'thresholds', 'influx', 'scenarios', 'weights'];

/** What a scenario file exports as `options`, as overrides of the configuration file. */
export function optionOverrides(file: string, options: Readonly<Record<string, unknown>> | undefined): Overrides {
  return Object.entries(options ?? {}).flatMap(([key, value]): readonly Override[] => {
    const origin = `${basename(file)} options.${key}`;
    const isMap = MAPS.includes(key) && typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isMap) return [{ path: [key], value, origin, nested: true }];
    return Object.entries(value).map(([name, inner]) => {
      return { path: [key, name], value: inner, origin: `${origin}.${name}`, nested: true } as const;
    });
  });
}

/** What a scenario file cannot say of itself in its options. */
export function optionProblems(options: Readonly<Record<string, unknown>> | undefined): readonly Problem[] {
  return ['scenario', 'command', 'extensions']
    .filter((key) => options !== undefined && Object.hasOwn(options, key))
    .map((key) => ({ path: [key], message: 'the options of a scenario file cannot say what is loaded' }));
}

/** The scenarios that a plan names and the file does not declare. */
export function unknownScenarios(plan: RunPlan, declared: DeclaredScenarios): readonly Problem[] {
  const names = declared.scenarios.map(({ name }) => name);
  const wanted: readonly (readonly [readonly string[], string | undefined])[] = [
    [['singleMode'], plan.singleMode],
    ...Object.keys(plan.weights ?? {}).map((name) => [['weights', name], name] as const),
    ...(plan.load ?? []).map(({ scenario }) => [['scenarios', scenario ?? ''], scenario] as const),
  ];
  return wanted.flatMap(([path, name]) => {
    if (name === undefined || names.includes(name)) return [];
    const hint = didYouMean(name, names);
    const choice = hint ? `did you mean '${hint}'?` : `there are ${names.join(', ')}`;
    return [{ path, message: `there is no scenario '${name}'; ${choice}` }];
  });
}
