import type { RunPlan } from './run-plan.ts';

/**
 * The plan of a health check: the same nodes, without load and faults. Each node sees whether it reaches the target and what
 * stands behind its proxies, and that is its one iteration: it takes the way of all samples to the verdict.
 */
export function healthCheckPlan(plan: RunPlan): RunPlan {
  return {
    ...plan,
    name: `${plan.name}-health-check`,
    healthCheck: true,
    workers: plan.nodes,
    processes: 1,
    durationMs: null,
    load: [{ atMs: 0, durationMs: null, model: { kind: 'once', workers: plan.nodes } }],
    each: undefined,
    sizing: undefined,
    monitors: undefined,
    stopOnFailure: undefined,
    proxies: plan.proxies.map((proxy) => ({ ...proxy, behaviors: [] })),
    ...(plan.remotes && { remotes: plan.remotes.map((remote) => ({ ...remote, entries: [] })) }),
    schedule: [],
    thresholds: [],
  };
}
