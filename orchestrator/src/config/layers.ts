import type { Overrides } from './overrides.ts';

/** By a key that shapes the load: what a lower layer may have said of the shape, which it replaces. */
const REPLACES: Readonly<Record<string, readonly string[]>> = {
  duration: ['stages'],
  iterations: ['stages', 'hits', 'rate', 'arrivals', 'maxWorkers'],
  hits: ['stages', 'iterations', 'rate', 'arrivals', 'maxWorkers'],
  rate: ['stages', 'iterations', 'hits', 'rampUp', 'pacing'],
  stages: ['duration', 'iterations', 'hits', 'rate', 'rampUp'],
  sizing: ['stages', 'iterations', 'hits'],
  singleRun: ['stages', 'iterations', 'hits', 'rate', 'duration'],
};

/** Keys after which the loads of single scenarios no longer stand. */
const SHAPES: readonly string[] = [...Object.keys(REPLACES).filter((key) => key !== 'sizing'), 'workers'];

/**
 * The content without what a higher layer replaces by saying how load is made in another way: `-d 10s` on the command
 * line stands over `stages` in the file, as it would over a `duration`.
 */
export function withoutReplaced(
  content: Readonly<Record<string, unknown>>,
  layer: Overrides,
): Readonly<Record<string, unknown>> {
  const set = new Set<string>(layer.map(({ path }) => path[0]));
  const replaced = new Set([...set].flatMap((key) => REPLACES[key] ?? []));
  if (SHAPES.some((key) => set.has(key))) replaced.add('scenarios');
  return Object.fromEntries(Object.entries(content).filter(([key]) => !replaced.has(key) || set.has(key)));
}
