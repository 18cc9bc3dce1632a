import { groupsOf } from '../load/groups.ts';
import type { Profile } from '../load/profile.ts';
import type { RunPlan } from '../plan/run-plan.ts';

/**
 * How many iterations an open model offers between two moments (ms from the start of the run), over all nodes, by its
 * plan; undefined for a plan without one. Its neighbour in a timeline is what was done: `iterations` and `dropped`.
 */
export function offeredIn(plan: RunPlan, fromMs: number, toMs: number): number | undefined {
  const open = groupsOf(plan).flatMap(({ atMs, model }) => (model.kind === 'arrivals' ? [{ atMs, model }] : []));
  if (open.length === 0) return undefined;
  const times = plan.each ? plan.nodes : 1;
  return open.reduce((sum, { atMs, model }) => sum + times * areaIn(model.profile, fromMs - atMs, toMs - atMs), 0);
}

/** The part of a profile's area (per second) between two moments, ms. */
function areaIn(profile: Profile, fromMs: number, toMs: number): number {
  let [area, startMs] = [0, 0];
  for (const { forMs, from, to } of profile) {
    const begin = Math.max(fromMs, startMs) - startMs;
    const end = Math.min(toMs, startMs + forMs) - startMs;
    const valueAt = (ms: number): number => from + ((to - from) * ms) / forMs;
    if (end > begin) area += ((valueAt(begin) + valueAt(end)) / 2) * ((end - begin) / 1000);
    startMs += forMs;
  }
  return area;
}
