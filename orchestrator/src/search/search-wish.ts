import {
  type Condition,
  faultLadder,
  type Ladder,
  type LadderUnit,
  LoadsError,
  ladderOf,
  parseDuration,
  parseRate,
  type RunPlan,
  readCondition,
  type Search,
  variedEntry,
} from '@loads/core';
import type { Override, Overrides } from '../config/overrides.ts';
import { usualSearch } from '../sizing/size-plan.ts';

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
  /** How close the two sides of the bracket are to be, 0-1 of the lower one. */
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

/** Reads the flags. Throws ERR_USAGE, or ERR_THRESHOLD_SYNTAX for a condition that is none. */
export function readWish(flags: SearchFlags): SearchWish {
  const { vary, until = [], entry } = flags;
  const isFault = vary === 'sleep' || vary === 'percentage';
  if (entry !== undefined && !isFault)
    throw usage('--entry is for the strength of a fault', 'add `--vary sleep` or `--vary percentage`');
  return {
    vary,
    conditions: until.map(readCondition),
    from: flags.from === undefined ? undefined : amountOf(vary, '--from', flags.from),
    to: flags.to === undefined ? undefined : amountOf(vary, '--to', flags.to),
    entry,
    tolerance: percentOf('--tolerance', flags.tolerance, 100),
    precision: ratioOf(percentOf('--precision', flags.precision, 100)),
    repeats: repeatsOf(flags.repeats),
  };
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

/** How the plan that came of it is searched. Throws ERR_USAGE. */
export function searchSetup(plan: RunPlan, wish: SearchWish): SearchSetup {
  const { vary } = wish;
  if (vary === 'workers' || vary === 'rate') {
    const ladder = ladderOf(plan);
    if (ladder.unit !== vary) {
      throw vary === 'rate'
        ? usage('the load of this run is no rate', 'say the highest with --rate or --to: 500/s')
        : usage('the load of this run is a rate', 'search over it with --vary rate');
    }
    return { ladder, search: searchOf(ladder, wish), tolerance: plan.sizing?.tolerance ?? 0 };
  }
  if (plan.sizing) throw usage('--sizing searches over a load', 'leave it out, or `--vary workers` or `--vary rate`');
  if (plan.thresholds.length === 0 && wish.tolerance === undefined)
    throw usage('nothing says when the service breaks', "say it with --until 'p(95)<300' or --tolerance 5");
  const entry = variedEntry(plan, vary, wish.entry);
  const ladder = faultLadder(plan, { entry, strength: vary, most: wish.to ?? STRONGEST[vary] });
  // What a fault breaks on purpose has failed: only what was asked for counts.
  return { ladder, search: searchOf(ladder, wish), tolerance: (wish.tolerance ?? 100) / 100, entry };
}

function searchOf(ladder: Ladder, { from, precision, repeats }: SearchWish): Search {
  const usual = usualSearch(ladder);
  const asked = { ...usual, precision: precision ?? usual.precision, repeats: repeats ?? usual.repeats };
  if (from === undefined) return asked;
  const first = Math.max(1, ladder.levelOf(from));
  if (first > ladder.ceiling)
    throw usage(`--from is above ${ladder.nameOf(ladder.ceiling)}, the highest that is tried`);
  return { ...asked, first, floor: first };
}

function amountOf(vary: LadderUnit, flag: string, text: string): number {
  const read = {
    workers: () => (/^\d+$/.test(text) ? Number(text) : undefined),
    rate: () => parseRate(text),
    sleep: () => parseDuration(text),
    percentage: () => percentText(text),
  }[vary]();
  const expected = {
    workers: 'a number of workers such as 50',
    rate: 'a rate such as 500/s',
    sleep: 'a duration such as 300ms',
    percentage: 'a percentage up to 100, such as 12.5',
  }[vary];
  const least = { workers: 1, rate: Number.MIN_VALUE, sleep: 1, percentage: 0.1 }[vary];
  if (read === undefined || read < least || (vary === 'percentage' && read > 100))
    throw usage(`${flag}: expected ${expected}, got '${text}'`);
  return read;
}

function percentText(text: string): number | undefined {
  const [, number] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text.trim()) ?? [];
  return number === undefined ? undefined : Number(number);
}

function percentOf(flag: string, text: string | undefined, below: number): number | undefined {
  if (text === undefined) return undefined;
  const read = percentText(text);
  if (read === undefined || read >= below) throw usage(`${flag}: expected a percentage such as 5, got '${text}'`);
  return read;
}

function ratioOf(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}

function repeatsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d?$/.test(text)) throw usage(`--repeats: expected a whole number from 1 to 99, got '${text}'`);
  return Number(text);
}

function usage(message: string, hint?: string): LoadsError {
  return new LoadsError('ERR_USAGE', message, { hint });
}
