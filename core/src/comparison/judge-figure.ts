import type { Change, FigureChange } from './comparison.ts';
import type { Estimate } from './estimate.ts';

/** Which multiple of the limit a change has to be below for certain, to be called none. */
const SURELY_WITHIN = 3;

/**
 * Judges a difference (higher is worse) by two questions: does it matter (is it over `limit`), and is it certain (is 0 outside
 * its interval)? Worse and better are both; a difference that matters and may be chance is of too few samples. The number of
 * samples alone makes nothing worse, since what is below the limit does not matter however certain it is.
 */
export function judgeDifference(difference: Estimate | undefined, limit: number): Change {
  if (!difference) return 'too-few';
  const { value, lower, upper } = difference;
  if (Math.abs(value) <= limit) {
    return Math.max(-lower, upper) <= SURELY_WITHIN * limit ? 'same' : 'too-few';
  }
  if (lower > 0) return 'worse';
  return upper < 0 ? 'better' : 'too-few';
}

/**
 * What several figures of a part come to. One that is worse outweighs all others; what looks worse and may be chance keeps the
 * part from being better, and what cannot be told keeps it from being the same.
 */
export function together(figures: readonly Pick<FigureChange, 'a' | 'b' | 'limit' | 'change'>[]): Change {
  const changes = figures.map(({ change }) => change);
  if (changes.includes('worse')) return 'worse';
  if (figures.some(({ a, b, limit, change }) => change === 'too-few' && b - a > limit)) return 'too-few';
  return (['better', 'too-few'] as const).find((one) => changes.includes(one)) ?? 'same';
}

/** The same over all parts of a run, some of which are always small: they do not keep the rest from being the same. */
export function overall(changes: readonly Change[]): Change {
  return (['worse', 'better', 'same'] as const).find((one) => changes.includes(one)) ?? 'too-few';
}
