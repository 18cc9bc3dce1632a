import { groupsOf } from '../load/groups.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import { offeredIn } from '../timeline/offered.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** How far the number of random arrivals may be from what was to be expected, in standard deviations. */
const SIGMAS = 3;

/**
 * The part of the arrivals of the second half of a run that was not done in that time, 0-1; undefined without arrivals.
 * As long as a service keeps up, as many iterations end as begin, however long each takes (Little's law): a service
 * that falls behind is seen long before anything fails.
 */
export function behindArrivals(plan: RunPlan, { load }: Timeline): number | undefined {
  const { durationMs } = plan;
  if (durationMs === null) return undefined;
  const { stepMs, iterations, dropped } = load;
  const [from, to] = [Math.ceil(durationMs / 2 / stepMs), Math.floor(durationMs / stepMs)];
  const offered = offeredIn(plan, from * stepMs, to * stepMs);
  if (offered === undefined || offered === 0) return undefined;
  const sum = (column: readonly number[]): number => column.slice(from, to).reduce((all, one) => all + one, 0);
  const random = groupsOf(plan).some(({ model }) => model.kind === 'arrivals' && model.spacing === 'poisson');
  const chance = random ? SIGMAS * Math.sqrt(offered) : 1;
  return Math.max(0, (offered - chance - sum(iterations) - sum(dropped)) / offered);
}
