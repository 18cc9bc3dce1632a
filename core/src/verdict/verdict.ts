import { EXIT, type ExitCode } from '../errors/exit-codes.ts';
import { formatDuration } from '../plan/duration.ts';
import type { ThresholdResult } from '../thresholds/evaluate.ts';
import type { Abort } from './abort.ts';

export type Outcome = 'passed' | 'failed' | 'invalid' | 'stopped';

/** How a run is judged: the outcome, the exit code that goes with it, and why, a line each. */
export type Verdict = { readonly outcome: Outcome; readonly exitCode: ExitCode; readonly reasons: readonly string[] };

export type Evidence = {
  readonly thresholds: readonly ThresholdResult[];
  /** Why the measurement itself cannot be trusted; a run with any such reason is not judged. */
  readonly invalid: readonly string[];
  /** Fixtures that threw while the run went on. */
  readonly setupFailed?: readonly string[] | undefined;
  readonly failedIterations: number;
  /** Errors outside of iterations: of teardowns, and where nobody caught them. */
  readonly outside?: number | undefined;
  /** Fail from so many failed iterations and errors outside of them on; undefined: they alone do not fail a run. */
  readonly failAt?: number | undefined;
  /** The user stopped the run. */
  readonly stopped: boolean;
  /** A threshold ended the run. */
  readonly aborted?: Abort | undefined;
};

/** Judges a run. A stopped run is not judged; one whose fixtures failed or that is invalid neither; then thresholds count, then `--fail`. */
export function verdict({
  thresholds,
  invalid,
  setupFailed = [],
  failedIterations,
  outside = 0,
  failAt,
  stopped,
  aborted,
}: Evidence): Verdict {
  const others = thresholds.filter((one) => !one.ok && !(aborted && isSame(one, aborted)));
  const crossed = [...(aborted ? [describeAbort(aborted)] : []), ...others.map(crossedText)];
  if (stopped)
    return { outcome: 'stopped', exitCode: EXIT.stopped, reasons: ['stopped by the user', ...invalid, ...crossed] };
  if (setupFailed.length > 0)
    return { outcome: 'invalid', exitCode: EXIT.scenarioNotLoaded, reasons: [...setupFailed, ...invalid] };
  if (invalid.length > 0) return { outcome: 'invalid', exitCode: EXIT.invalid, reasons: invalid };
  if (crossed.length > 0) return { outcome: 'failed', exitCode: EXIT.thresholdCrossed, reasons: crossed };
  if (failAt !== undefined && failedIterations + outside >= failAt) {
    const failed = [
      ...(failedIterations > 0 ? [`${counted(failedIterations, 'iteration')} failed`] : []),
      ...(outside > 0 ? [outsideText(outside)] : []),
    ].join(', ');
    // One is what `--fail`, `-x` and `--single-run` mean by themselves.
    const reasons = [failAt === 1 ? failed : `${failed} (--fail ${failAt})`];
    return { outcome: 'failed', exitCode: EXIT.scenarioFailed, reasons };
  }
  return { outcome: 'passed', exitCode: EXIT.passed, reasons: [] };
}

/** How many errors came outside of iterations, in a line. */
export function outsideText(count: number): string {
  return `${counted(count, 'error')} came outside of an iteration`;
}

/** A threshold that does not hold, with what was measured, in a line. */
export function crossedText({ metric, expression, actual, limit, reason }: ThresholdResult): string {
  const than = limit === undefined ? '' : `, and the limit ${short(limit)}`;
  return `threshold ${metric}: ${expression} does not hold: ${reason ?? `it is ${short(actual)}${than}`}`;
}

function describeAbort({ metric, expression, actual, limit, atMs }: Abort): string {
  const than = limit === undefined ? '' : `, and the limit ${short(limit)}`;
  return `threshold ${metric}: ${expression} ended the run after ${formatDuration(atMs)}: it was ${short(actual)}${than}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function isSame(one: ThresholdResult, other: ThresholdResult): boolean {
  return one.metric === other.metric && one.expression === other.expression;
}

function short(figure: number | undefined): number | undefined {
  return figure === undefined || Number.isInteger(figure) ? figure : Number(figure.toPrecision(5));
}
