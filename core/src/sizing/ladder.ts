import { groupsOf } from '../load/groups.ts';
import type { LoadGroup } from '../load/load-group.ts';
import { peakOf } from '../load/profile.ts';
import { formatRate } from '../load/rate.ts';
import type { RunPlan } from '../plan/run-plan.ts';

/** What is searched over: a load, or the strength of a fault. */
export type LadderUnit = 'workers' | 'rate' | 'sleep' | 'percentage';

/** The levels of a search, 1 to `ceiling`: what each is as a load, or as the strength of a fault. */
export type Ladder = {
  readonly unit: LadderUnit;
  readonly ceiling: number;
  /** The plan of one trial: an ordinary run, of which every node takes its share as of any other. */
  planAt(level: number): RunPlan;
  /** `64 workers`, `250/s`, `sleep 300ms`, `12.5 %`. */
  nameOf(level: number): string;
  /** It as a number: workers of the run (of each node, with `each`), arrivals per second, ms of sleep, or percent. */
  loadAt(level: number): number;
  /** The level that is nearest to such a number. */
  levelOf(load: number): number;
};

/** Rates have levels, too: so many at least up to the ceiling. */
const LEAST_RATE_LEVELS = 1000;

/** The ladder of a plan whose load is the ceiling: its workers, or its rate. */
export function ladderOf(plan: RunPlan): Ladder {
  const [group] = groupsOf(plan);
  return group?.model.kind === 'arrivals' ? rateLadder(plan, group, group.model) : workerLadder(plan);
}

function workerLadder({ sizing: _, ...plan }: RunPlan): Ladder {
  const times = plan.each ? plan.nodes : 1;
  const ceiling = plan.workers / times;
  return {
    unit: 'workers',
    ceiling,
    loadAt: (level) => level,
    levelOf: (load) => Math.round(load),
    nameOf: (level) => `${level} ${level === 1 ? 'worker' : 'workers'}`,
    planAt(level) {
      const load = plan.load?.map((group) => scaled(group, level / ceiling));
      return { ...plan, workers: level * times, ...(load && { load }) };
    },
  };
}

type Arrivals = Extract<LoadGroup['model'], { kind: 'arrivals' }>;

function rateLadder({ sizing: _, ...plan }: RunPlan, group: LoadGroup, { profile }: Arrivals): Ladder {
  const peak = peakOf(profile);
  const unit = 10 ** Math.floor(Math.log10(peak / LEAST_RATE_LEVELS));
  const loadAt = (level: number): number => Math.min(peak, Number((level * unit).toPrecision(8)));
  return {
    unit: 'rate',
    ceiling: Math.ceil(Number((peak / unit).toPrecision(8))),
    loadAt,
    levelOf: (load) => Math.round(Number((load / unit).toPrecision(8))),
    nameOf: (level) => formatRate(loadAt(level)),
    planAt: (level) => ({ ...plan, load: [scaled(group, loadAt(level) / peak)] }),
  };
}

/** The same course, so many times as high. */
function scaled(group: LoadGroup, ratio: number): LoadGroup {
  const { model } = group;
  if (model.kind !== 'workers' && model.kind !== 'arrivals') return group;
  const times = (value: number): number => Number((value * ratio).toPrecision(10));
  const profile = model.profile.map(({ forMs, from, to }) => ({ forMs, from: times(from), to: times(to) }));
  return { ...group, model: { ...model, profile } };
}
