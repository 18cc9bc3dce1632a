import type { Estimate } from './estimate.ts';

/**
 * Two-sided 99 % points of Student's t for 1 to 30 degrees of freedom (any table, such as NIST/SEMATECH e-Handbook, 1.3.6.7.2);
 * more are taken for 30, which makes intervals at most 7 % wider.
 */
const T_99: readonly number[] = [
  63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169, 3.106, 3.055, 3.012, 2.977, 2.947, 2.921, 2.898,
  2.878, 2.861, 2.845, 2.831, 2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.75,
];

/**
 * How far the mean of `b` is above that of `a`, values of whole runs, with its interval: Welch's t (Biometrika 34, 1947), its
 * degrees of freedom by Satterthwaite (1946), rounded down. Where one side is a single run, its variance is taken to be that of the
 * other (Student's t of two samples). Undefined for one run against one: nothing is known of their variance.
 */
export function differenceBetween(a: readonly number[], b: readonly number[]): Estimate | undefined {
  if (a.length + b.length < 3 || a.length === 0 || b.length === 0) return undefined;
  const value = mean(b) - mean(a);
  const { variance, freedom } = uncertainty(a, b);
  const t = T_99[Math.max(1, Math.min(T_99.length, Math.floor(freedom))) - 1] ?? Number.POSITIVE_INFINITY;
  const half = t * Math.sqrt(variance);
  return { value, lower: value - half, upper: value + half };
}

/** Of the difference of two means. */
function uncertainty(
  a: readonly number[],
  b: readonly number[],
): { readonly variance: number; readonly freedom: number } {
  const [one, other] = [a, b].map((values) => varianceOf(values) / values.length);
  if (one === undefined || other === undefined || a.length === 1 || b.length === 1) {
    const most = a.length > 1 ? a : b;
    return { variance: varianceOf(most) * (1 + 1 / most.length), freedom: most.length - 1 };
  }
  const variance = one + other;
  if (variance === 0) return { variance, freedom: Math.min(a.length, b.length) - 1 };
  return { variance, freedom: variance ** 2 / (one ** 2 / (a.length - 1) + other ** 2 / (b.length - 1)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
