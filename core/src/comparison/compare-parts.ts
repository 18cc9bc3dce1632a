import { cliffsDelta } from './cliffs-delta.ts';
import type { FigureChange, PartComparison, Tolerance } from './comparison.ts';
import { differenceOf, durationDifferenceOf } from './estimate.ts';
import { judgeDifference, together } from './judge-figure.ts';
import { proportion } from './proportion.ts';
import { quantileEstimate } from './quantile-estimate.ts';
import { QUANTILES, type QuantileName } from './quantiles.ts';
import type { PartFigures } from './run-figures.ts';

/** Failures: a change of so much (0-1) never matters. */
export const LEAST_FAILURES = 0.001;

/** So often is p99 beyond what a run of usual length has samples for: it is shown, and does not decide. */
const JUDGED: readonly QuantileName[] = ['p50', 'p95'];

/** Compares one part of two runs: p50 and p95 of its duration, and its share of failures. */
export function compareParts(a: PartFigures, b: PartFigures, tolerance: Tolerance): PartComparison {
  const { metric, name, phase, fault } = a;
  const quantiles = (Object.keys(QUANTILES) as QuantileName[]).flatMap((figure) =>
    quantileChange(figure, a, b, tolerance),
  );
  const figures = [...quantiles, ...failuresChange(a, b, tolerance)];
  return {
    ...{ metric, name, phase, fault },
    samples: { a: a.count, b: b.count },
    figures,
    effect: cliffsDelta(a.durations, b.durations),
    change: together(figures.filter(({ judged }) => judged)),
  };
}

function quantileChange(
  figure: QuantileName,
  a: PartFigures,
  b: PartFigures,
  { ratio, leastMs }: Tolerance,
): readonly FigureChange[] {
  const q = QUANTILES[figure];
  const [before, after] = [a.durations.quantile(q), b.durations.quantile(q)];
  if (before === undefined || after === undefined) return [];
  const [one, other] = [a, b].map(({ durations, clustering }) => quantileEstimate(durations, q, clustering[figure]));
  const difference = one && other && durationDifferenceOf(one, other);
  const limit = Math.max(before * ratio, leastMs);
  const change = judgeDifference(difference, limit);
  return [{ figure, a: before, b: after, difference, limit, change, judged: JUDGED.includes(figure) }];
}

function failuresChange(a: PartFigures, b: PartFigures, { ratio }: Tolerance): readonly FigureChange[] {
  if (!(a.count > 0 && b.count > 0)) return [];
  const [before, after] = [a.failed / a.count, b.failed / b.count];
  const difference = differenceOf(
    proportion(before, a.count / a.clustering.failures),
    proportion(after, b.count / b.clustering.failures),
  );
  const limit = Math.max(before * ratio, LEAST_FAILURES);
  // No failure among 500 requests does not prove that fewer than one in a thousand fail, but neither is it a change.
  const change = Math.abs(after - before) <= limit ? 'same' : judgeDifference(difference, limit);
  return [{ figure: 'failures', a: before, b: after, difference, limit, change, judged: true }];
}
