/**
 * What a trial said of its level: the load held, it broke (failures, or a threshold), or the trial cannot be judged, for
 * a reason that is not the service's.
 */
export type TrialOutcome = 'held' | 'broke' | 'invalid';

/** A trial of a sizing. Levels are whole numbers; what one of them is in workers or arrivals says the `Ladder`. */
export type Trial = { readonly level: number; readonly outcome: TrialOutcome };

/** How often a level was tried, by what came of it. */
export type LevelTally = {
  readonly level: number;
  readonly held: number;
  readonly broke: number;
  readonly invalid: number;
};

/** The levels that were tried, from the lowest to the highest. */
export function tallyLevels(trials: readonly Trial[]): readonly LevelTally[] {
  const levels = [...new Set(trials.map(({ level }) => level))].toSorted((a, b) => a - b);
  return levels.map((level) => {
    const count = (outcome: TrialOutcome): number =>
      trials.filter((one) => one.level === level && one.outcome === outcome).length;
    return { level, held: count('held'), broke: count('broke'), invalid: count('invalid') };
  });
}
