import { CONFIDENCE, type Estimate } from './estimate.ts';

/**
 * A proportion (0-1) of `count` independent samples with the interval of Wilson ("Probable inference, the law of
 * succession, and statistical inference", JASA 22, 1927), which stays in [0, 1] and means something for few samples and for
 * proportions of 0 and 1. `count` may be fractional, and has to be over 0. `z` is the normal quantile of the confidence.
 */
export function proportion(value: number, count: number, z: number = CONFIDENCE.z): Estimate {
  const whole = 1 + z ** 2 / count;
  const middle = (value + z ** 2 / (2 * count)) / whole;
  const half = (z / whole) * Math.sqrt((value * (1 - value)) / count + z ** 2 / (4 * count ** 2));
  // At 0 and 1 rounding would leave the value a hair outside.
  return {
    value,
    lower: Math.max(0, Math.min(value, middle - half)),
    upper: Math.min(1, Math.max(value, middle + half)),
  };
}
