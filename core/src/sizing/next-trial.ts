import { edgeConfidence } from './confidence.ts';
import { type LevelTally, type Trial, tallyLevels } from './trial.ts';

/** Where a search begins and ends. Levels are whole numbers from 1. */
export type Search = {
  /** The first level of the ramp; each further one is twice as high. */
  readonly first: number;
  /** The lowest level that may be tried; 1 where it is not said. */
  readonly floor?: number | undefined;
  /** The highest level that may be tried. */
  readonly ceiling: number;
  /** The edge is found when its two levels are no further apart than this ratio (0-1) of the lower one, or are neighbours. */
  readonly precision: number;
  /** How often both levels of the edge are tried. */
  readonly repeats: number;
  readonly mostTrials: number;
};

/** Why there is no higher level: the service broke, the generator could not, the search may not, or it took too long. */
export type SizingLimit = 'service' | 'generator' | 'ceiling' | 'trials';

/** What a search has found. */
export type SizingEdge = {
  readonly limit: SizingLimit;
  /** The highest level that held, with none below it that did not; undefined when none held. */
  readonly holds?: LevelTally | undefined;
  /** The lowest level above it that did not hold; undefined when there is none. */
  readonly breaks?: LevelTally | undefined;
  /** How sure it is that both are what they are said to be, 0-1. */
  readonly confidence: number;
};

export type TrialStage = 'ramp' | 'search' | 'repeat';
export type NextTrial =
  | { readonly kind: 'try'; readonly level: number; readonly stage: TrialStage }
  | ({ readonly kind: 'end' } & SizingEdge);

/** A level that cannot be judged so often is taken for one that the generator cannot make. */
const MOST_INVALID = 2;

/**
 * What to try after these trials: levels twice as high until one breaks (ramp), then the middle between the highest that
 * held and the lowest that did not (search), then both again (repeat). A level counts by the majority of its trials; one
 * that turns out otherwise in a repetition moves the edge, and the search goes on there. Every history leads to an end.
 */
export function nextTrial(search: Search, trials: readonly Trial[]): NextTrial {
  const { first, floor = 1, ceiling, precision, repeats, mostTrials } = search;
  const levels = tallyLevels(trials);
  const { holds, breaks } = edgeOf(levels, repeats);
  if (trials.length >= mostTrials) return end('trials', holds, breaks);
  const undecided = levels.find((one) => stateOf(one, repeats) === 'open');
  if (undecided) return { kind: 'try', level: undecided.level, stage: 'repeat' };
  const low = holds?.level ?? floor - 1;
  if (!breaks && low < ceiling) {
    const level = holds ? low * 2 : first;
    return { kind: 'try', level: Math.min(ceiling, level), stage: 'ramp' };
  }
  if (breaks && breaks.level - low > Math.max(1, low * precision))
    return { kind: 'try', level: Math.floor((low + breaks.level) / 2), stage: 'search' };
  const thin = [holds, breaks].find((one) => one !== undefined && isThin(one, repeats));
  if (thin) return { kind: 'try', level: thin.level, stage: 'repeat' };
  if (!breaks) return end('ceiling', holds, breaks);
  return end(stateOf(breaks, repeats) === 'invalid' ? 'generator' : 'service', holds, breaks);
}

/** What is known of the edge after these trials, also of a search that was left before its end. */
export function edgeOf(
  levels: readonly LevelTally[],
  repeats: number,
): { readonly holds: LevelTally | undefined; readonly breaks: LevelTally | undefined } {
  const breaks = levels.find((one) => ['broke', 'invalid'].includes(stateOf(one, repeats)));
  const below = breaks?.level ?? Number.POSITIVE_INFINITY;
  const holds = levels.findLast((one) => one.level < below && stateOf(one, repeats) === 'held');
  return { holds, breaks };
}

/** A level that is tried over and over without a majority has not held. */
function stateOf({ held, broke, invalid }: LevelTally, repeats: number): 'held' | 'broke' | 'invalid' | 'open' {
  if (held > broke) return 'held';
  if (broke > held) return 'broke';
  if (held === 0) return invalid >= MOST_INVALID ? 'invalid' : 'open';
  return held + broke + invalid < 2 * repeats ? 'open' : 'broke';
}

function isThin({ held, broke, invalid }: LevelTally, repeats: number): boolean {
  return held + broke > 0 && held + broke < repeats && invalid < MOST_INVALID;
}

function end(limit: SizingLimit, holds: LevelTally | undefined, breaks: LevelTally | undefined): NextTrial {
  return { kind: 'end', limit, holds, breaks, confidence: edgeConfidence(holds, breaks) };
}
