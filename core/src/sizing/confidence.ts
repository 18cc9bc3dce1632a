import type { LevelTally } from './trial.ts';

/**
 * How sure it is that a level holds more often than not, 0-1, after so many trials; nothing was known before (an even
 * prior). It is the posterior P(p > 1/2) of Bayes (1763): for Beta(held + 1, broke + 1) that is the binomial tail
 * P(X <= held) of held + broke + 1 tosses of a fair coin. Three of three give 0.94, none of none 0.5.
 */
export function holdsConfidence({ held, broke }: Pick<LevelTally, 'held' | 'broke'>): number {
  const tosses = held + broke + 1;
  let [ways, below] = [1, 0];
  for (let heads = 0; heads <= held; heads++) {
    below += ways;
    ways = (ways * (tosses - heads)) / (heads + 1);
  }
  return below / 2 ** tosses;
}

/** How sure it is that one level holds and the other does not; 0 when nothing is known of either. */
export function edgeConfidence(holds: LevelTally | undefined, breaks: LevelTally | undefined): number {
  const upper = breaks && breaks.broke > 0 ? 1 - holdsConfidence(breaks) : undefined;
  return holds ? holdsConfidence(holds) * (upper ?? 1) : (upper ?? 0);
}
