/** A measured value with its confidence interval (`CONFIDENCE`), in the unit of the value. */
export type Estimate = { readonly value: number; readonly lower: number; readonly upper: number };

/** How sure an interval is: 99 of 100 such intervals hold the true value. `z` is the normal quantile that belongs to it. */
export const CONFIDENCE = { level: 0.99, z: 2.5758293035489004 } as const;

/**
 * How far `b` is above `a`. The interval is made of those of the two (MOVER: Zou and Donner, "Construction of confidence
 * limits about effect measures", Statistics in Medicine 27, 2008), so it need not be symmetric; with Wilson's intervals of
 * proportions it is that of Newcombe (1998, method 10).
 */
export function differenceOf(a: Estimate, b: Estimate): Estimate {
  const value = b.value - a.value;
  return {
    value,
    lower: value - Math.hypot(b.value - b.lower, a.upper - a.value),
    upper: value + Math.hypot(b.upper - b.value, a.value - a.lower),
  };
}

/**
 * The same of durations, which differ by factors rather than by amounts and are never below 0: the interval is that of the
 * ratio (MOVER on the logarithms), told as a difference in the unit of the values.
 */
export function durationDifferenceOf(a: Estimate, b: Estimate): Estimate {
  if (!(a.lower > 0 && b.lower > 0)) return differenceOf(a, b);
  const { lower, upper } = differenceOf(logarithmOf(a), logarithmOf(b));
  return { value: b.value - a.value, lower: a.value * Math.expm1(lower), upper: a.value * Math.expm1(upper) };
}

function logarithmOf({ value, lower, upper }: Estimate): Estimate {
  return { value: Math.log(value), lower: Math.log(lower), upper: Math.log(upper) };
}
