import type { RunPlan, ScheduleEntry } from '@loads/core';

/** A plan of one node that runs a script for ten seconds, with the parts that a test is about. */
export function planOf(change: Partial<RunPlan> = {}): RunPlan {
  return {
    version: 1,
    name: 'shop',
    scenario: { kind: 'script', file: 'shop.ts' },
    nodes: 1,
    workers: 1,
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

/** An entry that cuts every connection to `proxy`. */
export function cutEntry(name: string, proxy: string, atMs: number, forMs: number): ScheduleEntry {
  return { name, proxy, atMs, forMs, behaviors: [{ percent: 100, behavior: 'blackout', options: { mode: 'rst' } }] };
}
