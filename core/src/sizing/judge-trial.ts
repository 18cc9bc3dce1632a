import type { Summary } from '../summary/summary.ts';
import { crossedText } from '../verdict/verdict.ts';
import type { TrialOutcome } from './trial.ts';

/** The part of a trial's iterations, requests or checks that failed, whichever is the largest. */
export type FailureShare = { readonly of: 'iterations' | 'requests' | 'checks'; readonly ratio: number };

export type TrialVerdict = {
  readonly outcome: TrialOutcome;
  readonly failures: FailureShare;
  /** Why it did not hold, or cannot be judged, a line each. */
  readonly reasons: readonly string[];
};

export type TrialTerms = {
  /** The share of failures up to which a load holds, 0-1. */
  readonly tolerance: number;
  /** The trial was ended early, since it could not hold any more. */
  readonly givenUp: boolean;
  /** The part of the planned arrivals that was not done while they came, 0-1; undefined where it is not known. */
  readonly behind?: number | undefined;
};

/**
 * Judges a trial. It is `invalid` when its run is, as any other: then it says something of the generator. Else it held
 * when failures are within the tolerance, all thresholds hold, and a service that was given arrivals kept up with them.
 */
export function judgeTrial(summary: Summary, { tolerance, givenUp, behind = 0 }: TrialTerms): TrialVerdict {
  const failures = failureShare(summary);
  const tooMany = failures.ratio > tolerance ? [`${percent(failures.ratio)} of ${failures.of} failed`] : [];
  // What a trial that was ended early has not tried is no fault of it.
  if (givenUp) return { outcome: 'broke', failures, reasons: tooMany };
  if (summary.outcome === 'invalid') return { outcome: 'invalid', failures, reasons: summary.reasons };
  const crossed = summary.thresholds.filter(({ ok }) => !ok);
  const reasons = [
    ...tooMany,
    ...(behind > tolerance ? [`it fell behind: ${percent(behind)} of the arrivals were not done in time`] : []),
    ...crossed.map(crossedText),
  ];
  return { outcome: reasons.length > 0 ? 'broke' : 'held', failures, reasons };
}

/**
 * The largest of the shares of failed iterations (those that were cut, or planned and never begun, are failures, too),
 * requests and checks: a scenario that only checks what it gets fails in no iteration.
 */
export function failureShare({ iterations, interrupted, schedule, total, checks }: Summary): FailureShare {
  const sum = (pick: (one: { readonly ok: number; readonly failed: number }) => number): number =>
    iterations.reduce((all, row) => all + pick(row), 0);
  const undone = interrupted + (schedule?.dropped ?? 0);
  const checked = checks.reduce((all, { ok, failed }) => ({ ok: all.ok + ok, failed: all.failed + failed }), {
    ok: 0,
    failed: 0,
  });
  const shares: readonly FailureShare[] = [
    {
      of: 'iterations',
      ratio: ratioOf(
        sum(({ failed }) => failed) + undone,
        sum(({ ok }) => ok),
      ),
    },
    { of: 'requests', ratio: ratioOf(total.ko, total.ok) },
    { of: 'checks', ratio: ratioOf(checked.failed, checked.ok) },
  ];
  return shares.reduce((worst, one) => (one.ratio > worst.ratio ? one : worst));
}

/** So many counts before a trial is given up: fewer may be chance. */
const LEAST_FAILURES = 20;
/** A trial that has just begun is not given up: what fails then may be the beginning's. */
const LEAST_PART = 0.25;

export type TrialSoFar = {
  readonly requests: number;
  readonly failed: number;
  readonly iterations: number;
  readonly iterationsFailed: number;
};

/** Whether a trial cannot hold any more, even if at this pace nothing else failed in it. Times in ms. */
export function isHopeless(
  { requests, failed, iterations, iterationsFailed }: TrialSoFar,
  {
    tolerance,
    elapsedMs,
    durationMs,
  }: { readonly tolerance: number; readonly elapsedMs: number; readonly durationMs: number },
): boolean {
  if (elapsedMs < durationMs * LEAST_PART) return false;
  const times = Math.max(1, durationMs / elapsedMs);
  const lost = (bad: number, all: number): boolean => bad >= LEAST_FAILURES && bad > tolerance * all * times;
  return lost(failed, requests) || lost(iterationsFailed, iterations);
}

function ratioOf(bad: number, good: number): number {
  return bad + good === 0 ? 0 : bad / (bad + good);
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))} %`;
}
