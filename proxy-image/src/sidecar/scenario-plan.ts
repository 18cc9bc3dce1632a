import type { RunPlan } from '@loads/core';

/** The plan as a scenario process gets it: without the keys of proxies, the tokens of those that stand elsewhere and of monitors, and plug-ins. */
export function scenarioPlan({ remotes: _, plugins: __, monitors: ___, ...plan }: RunPlan): RunPlan {
  return { ...plan, proxies: plan.proxies.map(({ settings: _, ...proxy }) => proxy) };
}
