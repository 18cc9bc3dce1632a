import {
  type Condition,
  faultLadder,
  type Ladder,
  type LadderUnit,
  LoadsError,
  ladderOf,
  type RunPlan,
  readCondition,
  type Search,
  variedEntry,
} from '@loads/core';
import type { Override, Overrides } from '../config/overrides.ts';
import { ProblemList } from '../config/problem-list.ts';
import { usualSearch } from '../sizing/size-plan.ts';
import { amountOf, percentOf, repeatsOf } from './search-amounts.ts';

/** What can be searched over. */
export const VARIED: readonly LadderUnit[] = ['workers', 'rate', 'sleep', 'percentage'];

/** The flags of a search, as they were given. */
export type SearchFlags = {
  vary: LadderUnit;
  until?: string[];
  from?: string;
  to?: string;
  entry?: string;
  tolerance?: string;
  precision?: string;
  repeats?: string;
  /** Flags of other commands' runs, which a search refuses; of a load: what else says the highest. */
  sizing?: boolean;
  sizingTolerance?: string;
  singleRun?: boolean;
  exception?: boolean;
  workers?: string;
  rate?: string;
};

/** What the user wants to know. Numbers are in the unit of `vary`: workers, arrivals per second, ms, percent. */
export type SearchWish = {
  readonly vary: LadderUnit;
  /** What has to hold; empty: the thresholds of the configuration. */
  readonly conditions: readonly Condition[];
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly entry?: string | undefined;
  /** Percent of failures up to which a trial holds. */
  readonly tolerance?: number | undefined;
  /** How close the two sides of the bracket are to be, percent of the lower one. */
  readonly precision?: number | undefined;
  readonly repeats?: number | undefined;
};

/** How a plan is searched. */
export type SearchSetup = {
  readonly ladder: Ladder;
  readonly search: Search;
  /** The share of failures up to which a trial holds, 0-1. */
  readonly tolerance: number;
  /** The entry of the schedule whose strength varies. */
  readonly entry?: string | undefined;
};

/** The strongest fault that is tried where nothing is said of it: ms, percent. */
const STRONGEST = { sleep: 10_000, percentage: 100 } as const;

/** Reads the flags; what is wrong with any of them is one of the `problems`. */
export function readWish(flags: SearchFlags, problems: ProblemList): SearchWish {
  const { vary, until = [], entry, to } = flags;
  for (const [name, hint] of foreignFlags(flags)) problems.of(() => refuse(`${name} is not for a search`, hint));
  if (entry !== undefined && !isFault(vary))
    problems.of(() => refuse('--entry is for the strength of a fault', 'add `--vary sleep` or `--vary percentage`'));
  const most = vary === 'workers' || vary === 'rate' ? flags[vary] : undefined;
  if (to !== undefined && most !== undefined)
    problems.of(() => refuse(`--to and --${vary} both say the most that is tried`, 'give one of them'));
  return {
    vary,
    conditions: until.flatMap((one) => problems.of(() => readCondition(one)) ?? []),
    from: problems.of(() => amountOf(vary, '--from', flags.from)),
    to: problems.of(() => amountOf(vary, '--to', to)),
    entry,
    tolerance: problems.of(() => percentOf('--tolerance', flags.tolerance, 100)),
    precision: problems.of(() => percentOf('--precision', flags.precision, 100)),
    repeats: problems.of(() => repeatsOf(flags.repeats)),
  };
}

/** Flags that would say something else than the search does, and what to say in their place. */
function foreignFlags(flags: SearchFlags): readonly (readonly [name: string, hint: string])[] {
  const asked: readonly (readonly [unknown, string, string])[] = [
    [flags.sizing, '--sizing', 'leave it out: `--vary workers` or `--vary rate` searches over a load'],
    [flags.sizingTolerance, '--sizing-tolerance', 'say it with --tolerance'],
    [flags.singleRun, '--single-run', 'every trial is a load'],
    [flags.exception, '--exception', 'say it with --tolerance 0'],
  ];
  return asked.flatMap(([given, name, hint]) => (given === undefined ? [] : [[name, hint] as const]));
}

function isFault(vary: LadderUnit): vary is 'sleep' | 'percentage' {
  return vary === 'sleep' || vary === 'percentage';
}

/** What a wish sets in the configuration: the highest load, and what has to hold in the place of its thresholds. */
export function wishOverrides({ vary, conditions, to, tolerance }: SearchWish): Overrides {
  const overrides: Override[] = [];
  if (vary === 'workers' || vary === 'rate') {
    overrides.push({ path: ['sizing'], value: true, origin: '--vary' });
    if (to !== undefined) overrides.push({ path: [vary], value: vary === 'rate' ? `${to}/s` : to, origin: '--to' });
    if (tolerance !== undefined) overrides.push({ path: ['sizingTolerance'], value: tolerance, origin: '--tolerance' });
  }
  if (conditions.length > 0) {
    const bySelector = Map.groupBy(conditions, ({ selector }) => selector);
    const thresholds = [...bySelector].map(([selector, all]) => [selector, all.map(({ expression }) => expression)]);
    overrides.push({ path: ['thresholds'], value: Object.fromEntries(thresholds), origin: '--until', nested: true });
  }
  return overrides;
}

/** How the plan that came of it is searched. Throws ERR_USAGE, or all that is wrong as ERR_CONFIG. */
export function searchSetup(plan: RunPlan, wish: SearchWish): SearchSetup {
  return isFault(wish.vary) ? faultSetup(plan, wish, wish.vary) : loadSetup(plan, wish);
}

function loadSetup(plan: RunPlan, wish: SearchWish): SearchSetup {
  const { vary } = wish;
  const ladder = ladderOf(plan);
  if (ladder.unit !== vary) {
    throw vary === 'rate'
      ? usage('the load of this run is no rate', 'say the highest with --rate or --to: 500/s')
      : usage('the load of this run is a rate', 'search over it with --vary rate');
  }
  return { ladder, search: searchOf(ladder, wish), tolerance: plan.sizing?.tolerance ?? 0 };
}

function faultSetup(plan: RunPlan, wish: SearchWish, vary: 'sleep' | 'percentage'): SearchSetup {
  const problems = new ProblemList();
  if (plan.sizing)
    problems.of(() => refuse('`sizing` searches over a load', 'leave it out, or `--vary workers` or `--vary rate`'));
  if (plan.stopOnFailure)
    problems.of(() => refuse('`stopOnFailure` ends a trial with its first failure', 'say it with --tolerance 0'));
  if (plan.load?.some(({ model }) => model.kind === 'once'))
    problems.of(() => refuse('`singleRun` makes no load', 'say `workers` or `rate`, and `duration`'));
  if (plan.thresholds.length === 0 && wish.tolerance === undefined)
    problems.of(() =>
      refuse('nothing says when the service breaks', "say it with --until 'p(95)<300' or --tolerance 5"),
    );
  const entry = problems.of(() => variedEntry(plan, vary, wish.entry)) ?? '';
  const ladder = faultLadder(plan, { entry, strength: vary, most: wish.to ?? STRONGEST[vary] });
  const search = problems.of(() => searchOf(ladder, wish));
  problems.throwAny();
  // What a fault breaks on purpose has failed: only what was asked for counts.
  return { ladder, search: search ?? usualSearch(ladder), tolerance: (wish.tolerance ?? 100) / 100, entry };
}

function searchOf(ladder: Ladder, { from, precision, repeats }: SearchWish): Search {
  const usual = usualSearch(ladder);
  const asked = {
    ...usual,
    precision: precision === undefined ? usual.precision : precision / 100,
    repeats: repeats ?? usual.repeats,
  };
  if (from === undefined) return asked;
  const first = Math.max(1, ladder.levelOf(from));
  if (first > ladder.ceiling)
    throw usage(`--from is above ${ladder.nameOf(ladder.ceiling)}, the highest that is tried`, 'raise it with --to');
  return { ...asked, first, floor: first };
}

function refuse(message: string, hint: string): never {
  throw usage(message, hint);
}

function usage(message: string, hint: string): LoadsError {
  return new LoadsError('ERR_USAGE', message, { hint });
}
