import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpClient } from '../http/http-client.ts';
import type { Stats } from '../stats/stats.ts';
import type { RunContext, ScenarioContext } from './context.ts';

/** The worker or fixture on whose behalf code runs, for what a scenario file calls without its context. */
export type Active = {
  readonly check: (condition: boolean, name: string) => boolean;
  readonly stats?: Stats | undefined;
  /** The HTTP client that `fetch` uses, when there is one yet. */
  readonly http?: (() => HttpClient | undefined) | undefined;
  /** What the function got that the scenario or fixture is. */
  readonly context?: (() => ActiveContext) | undefined;
};

/** The context of whoever runs: that of an iteration, or, with less in it, of a fixture. */
export type ActiveContext = RunContext & Partial<ScenarioContext>;

/** Entered once for each worker, so that iterations cost nothing more. */
export const active: AsyncLocalStorage<Active> = new AsyncLocalStorage<Active>();

/**
 * Counts whether a condition held, under a name, and gives the condition back; the same as `check` of the context.
 * Outside of a run nothing is counted.
 */
export function check(condition: boolean, name: string): boolean {
  return active.getStore()?.check(condition, name) ?? condition;
}

/** The context of the iteration or fixture that runs, for what did not get it. Undefined outside of a run. */
export function getContext(): ActiveContext | undefined {
  return active.getStore()?.context?.();
}

/** The same as `stats` of the context, for what has none. Outside of a run nothing is measured. */
export const stats: Stats = {
  increment: (...args) => active.getStore()?.stats?.increment(...args),
  timing: (...args) => active.getStore()?.stats?.timing(...args),
  gauge: (...args) => active.getStore()?.stats?.gauge(...args),
};
