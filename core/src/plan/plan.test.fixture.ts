import type { RunPlan } from './run-plan.ts';

/** A plan of two nodes that run a script for ten seconds, with the parts that a test is about. */
export function planOf(change: Partial<RunPlan> = {}): RunPlan {
  return {
    version: 1,
    name: 'shop',
    scenario: { kind: 'script', file: 'shop.ts' },
    nodes: 2,
    workers: 4,
    durationMs: 10_000,
    gracefulStopMs: 1000,
    recoveryMs: 2000,
    seed: 7,
    env: {},
    proxies: [],
    schedule: [],
    thresholds: [],
    ...change,
  };
}
