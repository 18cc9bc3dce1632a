import type { FaultSetting } from '../schedule/schedule.ts';
import type { FaultCatalog } from './config-schema.ts';
import type { Problem } from './problem.ts';

export type BehaviorSpec = {
  /** `20:delay,5:error`. */
  readonly spec: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly protocol: string | undefined;
};

/** Reads behaviors with their options; what is wrong goes into `problems`, below `path`. */
export function settingOf(
  { spec, options, protocol }: BehaviorSpec,
  path: readonly (string | number)[],
  catalog: FaultCatalog,
  problems: Problem[],
): FaultSetting {
  const parsed = catalog.parse(spec, options, protocol);
  if (!('problems' in parsed)) return parsed;
  for (const problem of parsed.problems) problems.push({ path: [...path, ...problem.path], message: problem.message });
  return { behaviors: [] };
}
