/** How long a request is held: around `sleepMs`, spread by `jitterMs`; or by `quantiles`, which then count alone. */
export type Latency = {
  readonly sleepMs: number;
  readonly jitterMs: number;
  readonly distribution: 'uniform' | 'normal' | 'pareto';
  /** Percentile (0-100) to ms, ascending in both; between them, and from 0, it is linear. */
  readonly quantiles?: readonly (readonly [percentile: number, ms: number])[] | undefined;
};

/**
 * The latency of one request, ms, from two draws in [0, 1).
 * - uniform: from `sleep - jitter` to `sleep + jitter`
 * - normal: mean `sleep`, standard deviation `jitter` (Box-Muller), never below 0
 * - pareto: `sleep` and more; the excess is Pareto II (Lomax) with scale `jitter` and shape 3: median 0.26, p99 3.6 jitters
 */
export function latencyMs(
  { sleepMs, jitterMs, distribution, quantiles }: Latency,
  first: number,
  second: number,
): number {
  if (quantiles && quantiles.length > 0) return interpolate(quantiles, first * 100);
  if (jitterMs === 0) return sleepMs;
  switch (distribution) {
    case 'uniform':
      return Math.max(0, sleepMs + (2 * first - 1) * jitterMs);
    case 'normal':
      return Math.max(0, sleepMs + jitterMs * Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second));
    case 'pareto':
      return sleepMs + jitterMs * ((1 - first) ** (-1 / 3) - 1);
  }
}

function interpolate(quantiles: readonly (readonly [number, number])[], percentile: number): number {
  let [below, lower] = [0, 0];
  for (const [above, upper] of quantiles) {
    if (percentile <= above) return lower + ((percentile - below) / (above - below)) * (upper - lower);
    [below, lower] = [above, upper];
  }
  return lower;
}
