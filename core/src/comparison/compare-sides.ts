import { differenceBetween } from './between-runs.ts';
import { compareParts, LEAST_FAILURES } from './compare-parts.ts';
import { compareRuns, TOLERATED } from './compare-runs.ts';
import type { Comparison, FigureChange, PartComparison, Tolerance } from './comparison.ts';
import type { Estimate } from './estimate.ts';
import { judgeDifference, together } from './judge-figure.ts';
import { poolRuns } from './pool-runs.ts';
import { QUANTILES } from './quantiles.ts';
import { type PartFigures, partKey, type RunFigures } from './run-figures.ts';

/** The runs of one side of a comparison. */
export type Side = readonly [RunFigures, ...RunFigures[]];

/**
 * Compares several runs with several. What they measured is merged, and an interval has to hold for requests and for runs: it
 * is that of the merged histograms, as between two runs, and wide enough for how much the runs of a side differ among themselves.
 */
export function compareSides(a: Side, b: Side, tolerance: Tolerance = TOLERATED): Comparison {
  if (a.length + b.length === 2) return compareRuns(a[0], b[0], tolerance);
  const comparison = compareRuns(poolRuns(a), poolRuns(b), tolerance, (one, other) =>
    betweenRuns(compareParts(one, other, tolerance), partsLike(one, a), partsLike(other, b)),
  );
  return { ...comparison, runs: { a: a.map(({ run }) => run), b: b.map(({ run }) => run) } };
}

function partsLike(part: PartFigures, runs: Side): readonly PartFigures[] {
  const key = partKey(part);
  return runs.flatMap(({ parts }) => parts.filter((one) => partKey(one) === key));
}

function betweenRuns(compared: PartComparison, a: readonly PartFigures[], b: readonly PartFigures[]): PartComparison {
  const figures = compared.figures.map((one) => widened(one, valuesOf(one, a), valuesOf(one, b)));
  return { ...compared, figures, change: together(figures.filter(({ judged }) => judged)) };
}

function valuesOf({ figure }: FigureChange, parts: readonly PartFigures[]): readonly number[] {
  return parts.flatMap(({ durations, count, failed }) => {
    if (figure === 'failures') return count > 0 ? [failed / count] : [];
    return durations.quantile(QUANTILES[figure]) ?? [];
  });
}

function widened(one: FigureChange, a: readonly number[], b: readonly number[]): FigureChange {
  const between = one.figure === 'failures' ? differenceBetween(a, b) : durationsBetween(one.a, a, b);
  const { difference: within, limit } = one;
  const difference = within &&
    between && {
      value: one.b - one.a,
      lower: Math.min(within.lower, between.lower),
      upper: Math.max(within.upper, between.upper),
    };
  const tiny = one.figure === 'failures' && Math.abs(one.b - one.a) <= Math.max(limit, LEAST_FAILURES);
  return { ...one, difference, change: tiny ? 'same' : judgeDifference(difference, limit), perRun: { a, b } };
}

/** Durations differ by factors: the interval is that of their logarithms, told in ms of what it was before. */
function durationsBetween(before: number, a: readonly number[], b: readonly number[]): Estimate | undefined {
  if ([...a, ...b].some((value) => value <= 0)) return differenceBetween(a, b);
  const found = differenceBetween(a.map(Math.log), b.map(Math.log));
  return (
    found && {
      value: before * Math.expm1(found.value),
      lower: before * Math.expm1(found.lower),
      upper: before * Math.expm1(found.upper),
    }
  );
}
