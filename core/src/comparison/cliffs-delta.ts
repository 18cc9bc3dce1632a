import type { Histogram } from '../histogram/histogram.ts';

/** How large an effect is in words. */
export type EffectSize = 'negligible' | 'small' | 'medium' | 'large';

/** `delta` is from -1 (every sample is smaller than before) to 1 (every sample is greater). */
export type Effect = { readonly delta: number; readonly size: EffectSize };

/** The limits of Romano et al., "Exploring methods for evaluating group differences" (FAIR, 2006). */
const LIMITS: readonly (readonly [EffectSize, number])[] = [
  ['negligible', 0.147],
  ['small', 0.33],
  ['medium', 0.474],
];

/**
 * Cliff's delta ("Dominance statistics", Psychological Bulletin 114, 1993): how much likelier a sample of `b` is to be above
 * one of `a` than below it. It knows no unit, no distribution and, unlike a p-value, does not grow with the number of
 * samples. Samples of one bucket count as equal. Undefined where one of the two has no samples.
 */
export function cliffsDelta(a: Histogram, b: Histogram): Effect | undefined {
  if (a.count === 0 || b.count === 0) return undefined;
  const before = [...a.buckets()];
  let [place, below, dominance] = [0, 0, 0];
  for (const { index, count } of b.buckets()) {
    for (let next = before[place]; next && next.index < index; next = before[++place]) below += next.count;
    const same = before[place];
    const equal = same?.index === index ? same.count : 0;
    dominance += count * (below - (a.count - below - equal));
  }
  // Counts over 2^53 and fractional ones round.
  const delta = Math.max(-1, Math.min(1, dominance / a.count / b.count));
  const size = LIMITS.find(([, limit]) => Math.abs(delta) < limit)?.[0] ?? 'large';
  return { delta, size };
}
