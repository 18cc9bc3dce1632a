import type { Histogram } from '../histogram/histogram.ts';
import type { Estimate } from './estimate.ts';
import { proportion } from './proportion.ts';

/** So many samples have to be on either side of a quantile, or nothing is said of it: 10 for p50, 100 for p95. */
export const FEWEST_BEYOND = 5;

/**
 * A quantile (q in (0, 1), in the histogram's unit) with its interval, whatever the distribution: the quantiles at the bounds
 * of the proportion q (Woodruff, "Confidence intervals for medians and other position measures", JASA 47, 1952).
 * `designEffect` is how many samples are worth one independent one. Undefined where the samples are too few.
 */
export function quantileEstimate(histogram: Histogram, q: number, designEffect: number): Estimate | undefined {
  const independent = histogram.count / designEffect;
  // A hair: 100 * (1 - 0.95) is 5.000000000000004 in floats, and others are a little below.
  if (independent * Math.min(q, 1 - q) < FEWEST_BEYOND - 1e-9) return undefined;
  const ranks = proportion(q, independent);
  const value = histogram.quantile(q);
  const lower = histogram.quantile(ranks.lower);
  const upper = histogram.quantile(ranks.upper);
  return value === undefined || lower === undefined || upper === undefined ? undefined : { value, lower, upper };
}
