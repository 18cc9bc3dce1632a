import { LoadsError } from '../errors/loads-error.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { ScheduleEntry, WeightedBehavior } from '../schedule/schedule.ts';
import type { Ladder } from '../sizing/ladder.ts';

/** How strong a fault is: how long it holds a request (ms), or the share of the traffic that it touches (percent). */
export type Strength = 'sleep' | 'percentage';

/** Levels of a percentage are tenths of a percent, levels of a sleep are milliseconds. */
const PER_PERCENT = 10;

/** The strengths of an entry of the schedule, up to `most`: the plan of each is the same but for that. */
export function faultLadder(
  plan: RunPlan,
  { entry, strength, most }: { readonly entry: string; readonly strength: Strength; readonly most: number },
): Ladder {
  const perUnit = strength === 'percentage' ? PER_PERCENT : 1;
  const ceiling = Math.round(most * perUnit);
  const loadAt = (level: number): number => level / perUnit;
  return {
    unit: strength,
    ceiling,
    loadAt,
    levelOf: (load) => Math.round(load * perUnit),
    nameOf: (level) => (strength === 'sleep' ? `sleep ${level}ms` : `${loadAt(level)} %`),
    planAt: (level) =>
      strength === 'sleep' ? withSleep(plan, entry, level) : withPercent(plan, entry, loadAt(level), level < ceiling),
  };
}

/**
 * The name of the entry whose strength is to vary: the one that is named, or the only one that has that strength. Throws
 * ERR_USAGE.
 */
export function variedEntry(plan: RunPlan, strength: Strength, name?: string | undefined): string {
  const names = [...new Set(plan.schedule.map((entry) => entry.name))];
  if (names.length === 0)
    throw new LoadsError('ERR_USAGE', `there is no entry in \`chaos\` whose ${strength} could vary`);
  if (name !== undefined) {
    if (!names.includes(name))
      throw new LoadsError('ERR_USAGE', `there is no entry '${name}' in \`chaos\``, {
        hint: `there are ${names.join(', ')}`,
      });
    const problem = obstacle(plan.schedule, name, strength);
    if (problem !== undefined)
      throw new LoadsError('ERR_USAGE', `the ${strength} of '${name}' cannot vary: ${problem}`);
    return name;
  }
  const fit = names.filter((one) => obstacle(plan.schedule, one, strength) === undefined);
  const [only, ...more] = fit;
  if (only !== undefined && more.length === 0) return only;
  if (only !== undefined)
    throw new LoadsError('ERR_USAGE', `the ${strength} of ${fit.length} entries could vary`, {
      hint: `name one with --entry: ${fit.join(', ')}`,
    });
  const reasons = names.map((one) => `${one}: ${obstacle(plan.schedule, one, strength)}`);
  throw new LoadsError('ERR_USAGE', `there is no entry whose ${strength} could vary: ${reasons.join('; ')}`);
}

/** Why the strength of an entry cannot be set. */
function obstacle(schedule: readonly ScheduleEntry[], name: string, strength: Strength): string | undefined {
  const own = schedule.filter((entry) => entry.name === name);
  if (own.some(({ step }) => step !== undefined)) return 'it is a ramp';
  const behaviors = own[0]?.behaviors ?? [];
  if (strength === 'percentage')
    return behaviors.length === 1 ? undefined : 'it has more than one behavior, and shares of them all';
  const held = behaviors.filter(hasSleep);
  if (held.length === 0) return 'none of its behaviors has a `sleep`';
  return held.some(({ options }) => options.quantiles !== undefined) ? 'its `quantiles` say how long it is' : undefined;
}

function hasSleep({ options }: WeightedBehavior): boolean {
  return options.sleep !== undefined;
}

function withSleep(plan: RunPlan, entry: string, ms: number): RunPlan {
  return changed(plan, entry, {
    own: (one) => ({
      ...one,
      behaviors: one.behaviors.map((each) =>
        hasSleep(each) ? { ...each, options: { ...each.options, sleep: ms } } : each,
      ),
    }),
    remote: (one) => ({ ...one, sleep: `${ms}ms` }),
  });
}

/** A share below the highest may be so little that chance lets it touch nothing; the highest has to touch something. */
function withPercent(plan: RunPlan, entry: string, percent: number, optional: boolean): RunPlan {
  return changed(plan, entry, {
    own: (one) => ({
      ...one,
      behaviors: one.behaviors.map((each) => ({ ...each, percent })),
      optional,
    }),
    remote: (one) => ({ ...one, behavior: `${percent}:${String(one.behavior).replace(/^.*:/, '')}` }),
  });
}

type Raw = Readonly<Record<string, unknown>>;
type Change = { readonly own: (one: ScheduleEntry) => ScheduleEntry; readonly remote: (one: Raw) => Raw };

/** The plan with an entry changed, in the run's own schedule and in what proxies that stand elsewhere keep of it. */
function changed(plan: RunPlan, entry: string, { own, remote }: Change): RunPlan {
  const { schedule, remotes } = plan;
  return {
    ...plan,
    schedule: schedule.map((one) => (one.name === entry ? own(one) : one)),
    ...(remotes && {
      remotes: remotes.map((one) => ({
        ...one,
        entries: one.entries.map((each) => (each.name === entry ? remote(each) : each)),
      })),
    }),
  };
}
