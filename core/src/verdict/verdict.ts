import { EXIT, type ExitCode } from '../errors/exit-codes.ts';
import type { ThresholdResult } from '../thresholds/evaluate.ts';

export type Outcome = 'passed' | 'failed' | 'invalid' | 'stopped';

/** How a run is judged: the outcome, the exit code that goes with it, and why, a line each. */
export type Verdict = { readonly outcome: Outcome; readonly exitCode: ExitCode; readonly reasons: readonly string[] };

export type Evidence = {
  readonly thresholds: readonly ThresholdResult[];
  /** Why the measurement itself cannot be trusted; a run with any such reason is not judged. */
  readonly invalid: readonly string[];
  readonly failedIterations: number;
  /** Fail from so many failed iterations on; undefined: failed iterations alone do not fail a run. */
  readonly failAt?: number | undefined;
  /** The user stopped the run. */
  readonly stopped: boolean;
};

/** Judges a run. A stopped run is not judged; an invalid one neither; then thresholds count, then `--fail`. */
export function verdict({ thresholds, invalid, failedIterations, failAt, stopped }: Evidence): Verdict {
  const crossed = thresholds.filter((threshold) => !threshold.ok).map(describe);
  if (stopped)
    return { outcome: 'stopped', exitCode: EXIT.stopped, reasons: ['stopped by the user', ...invalid, ...crossed] };
  if (invalid.length > 0) return { outcome: 'invalid', exitCode: EXIT.invalid, reasons: invalid };
  if (crossed.length > 0) return { outcome: 'failed', exitCode: EXIT.thresholdCrossed, reasons: crossed };
  if (failAt !== undefined && failedIterations >= failAt) {
    const reasons = [`${failedIterations} iterations failed (--fail ${failAt})`];
    return { outcome: 'failed', exitCode: EXIT.scenarioFailed, reasons };
  }
  return { outcome: 'passed', exitCode: EXIT.passed, reasons: [] };
}

function describe({ metric, expression, actual, reason }: ThresholdResult): string {
  const found = reason ?? `it is ${Number.isInteger(actual) ? actual : Number(actual?.toPrecision(5))}`;
  return `threshold ${metric}: ${expression} does not hold: ${found}`;
}
