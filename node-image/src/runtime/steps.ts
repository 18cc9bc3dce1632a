import { AsyncLocalStorage } from 'node:async_hooks';

/** Where code runs in an iteration: its steps, from the outermost, also as one name. Steps may run at the same time. */
const current = new AsyncLocalStorage<{ readonly path: readonly string[]; readonly group: string }>();

/** Whether there has been a step at all: to look for one costs every request and every check. */
let used = false;

/** The step that runs now, below those around it, as it is measured; '' for none. */
export function groupNow(): string {
  return used ? (current.getStore()?.group ?? '') : '';
}

export type StepMeasure = {
  /** The name of a step from the names of those around it and its own. */
  groupName(path: readonly string[]): string;
  /** Hears of its end, times in ms of the monotonic clock. */
  ended(group: string, fromMs: number, toMs: number): void;
};

/** Runs a step within the one that runs now, and measures it, also when it throws. */
export async function runStep<Result>(
  name: string,
  run: () => Result | Promise<Result>,
  measure: StepMeasure,
): Promise<Result> {
  const path = [...(current.getStore()?.path ?? []), name];
  const group = measure.groupName(path);
  used = true;
  const fromMs = performance.now();
  try {
    return await current.run({ path, group }, run);
  } finally {
    measure.ended(group, fromMs, performance.now());
  }
}
