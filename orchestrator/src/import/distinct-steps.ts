import type { ImportedStep } from './imported-scenario.ts';

/** The same steps, each with a name of its own; a step without a page is called so only beside others. */
export function distinctSteps(steps: readonly ImportedStep[]): readonly ImportedStep[] {
  const names = new Map<string, number>();
  return steps.map(({ name: given, requests }) => {
    const name = given === '' && steps.length > 1 ? 'other requests' : given;
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    return { name: count === 1 ? name : `${name} (${count})`, requests };
  });
}
