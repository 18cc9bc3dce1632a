import type { RunPlan } from '../plan/run-plan.ts';
import type { NodeResult } from '../result/node-result.ts';
import { plannedWindows } from '../schedule/planned-windows.ts';

/**
 * Where a node did not keep the schedule: a fault that was not in force at its time, began or ended more than `limitMs` late,
 * or was not healed. A plan that lets its generator be later than that lets its faults, up to half their length. Results from
 * before there was a timeline say nothing.
 */
export function windowReasons(plan: RunPlan, result: NodeResult, limitMs: number): readonly string[] {
  const { node, timeline, startedAtMs, endedAtMs } = result;
  if (!timeline || startedAtMs === undefined) return [];
  const here = new Set(plan.proxies.map(({ name }) => name));
  const lastedMs = endedAtMs - startedAtMs;
  return plannedWindows(plan.schedule).flatMap(({ fault, proxy, atMs, forMs }): readonly string[] => {
    // Node 1 tells of what stands elsewhere, which may not even know of a run that is over.
    if (!here.has(proxy) && node !== 1) return [];
    const where = `fault ${fault} on proxy ${proxy}, node ${node}`;
    const seen = timeline.windows.find((one) => one.fault === fault && one.proxy === proxy && one.plannedMs === atMs);
    if (!seen) return atMs + limitMs < lastedMs ? [`${where}: it was not in force at its time`] : [];
    if (seen.toMs === null) return [`${where}: nobody saw it end`];
    const late = Math.max(seen.fromMs - atMs, seen.toMs - (atMs + forMs));
    const mostMs = Math.max(limitMs, Math.min(plan.maxLagMs ?? 0, forMs / 2));
    return late > mostMs ? [`${where}: it was ${Math.round(late)} ms late (limit ${mostMs} ms)`] : [];
  });
}
