import { EXIT, type ExitCode } from '../errors/exit-codes.ts';
import type { Effect } from '../recovery/window-recovery.ts';
import type { Summary } from '../summary/summary.ts';
import type { Outcome } from '../verdict/verdict.ts';

/** One run of a matrix, and what its fault cost. Times in ms, ratios 0-1. */
export type MatrixRow = {
  /** Undefined: the run without faults. */
  readonly fault?: string | undefined;
  readonly run: string;
  readonly outcome: Outcome;
  readonly exitCode: ExitCode;
  readonly reasons: readonly string[];
  readonly requests: number;
  readonly failed: number;
  /** Of all requests; of those that met the fault where there is one. */
  readonly p95Ms?: number | undefined;
  readonly cost?: FaultCost | undefined;
};

/** What a run with a fault lost against the run without. */
export type FaultCost = {
  /** Requests that failed beyond the share that fails without faults. */
  readonly failed: number;
  /** How much longer the p95 of the requests that met the fault is, than that of all requests without faults. */
  readonly p95Ms?: number | undefined;
  readonly effect: Effect;
  /** From the end of the fault until the run was as before: the longest of its windows. */
  readonly recoveryMs?: number | undefined;
  /** Why there is no recovery time. */
  readonly reason?: string | undefined;
};

const EFFECTS: readonly Effect[] = ['collapsed', 'degraded', 'unknown', 'none'];

/** The row of a run. `without` is the summary of the run without faults, and undefined for that run itself. */
export function matrixRow(fault: string | undefined, summary: Summary, without?: Summary | undefined): MatrixRow {
  const { run, outcome, exitCode, reasons, total } = summary;
  const met = fault === undefined ? total : (total.phases.chaos ?? total);
  return {
    ...(fault !== undefined && { fault }),
    run,
    outcome,
    exitCode,
    reasons,
    requests: total.ok + total.ko,
    failed: total.ko,
    p95Ms: met.duration?.p95,
    ...(fault !== undefined && without && { cost: costOf(fault, summary, without) }),
  };
}

function costOf(fault: string, { total, recovery = [] }: Summary, without: Summary): FaultCost {
  const usual =
    without.total.ok + without.total.ko === 0 ? 0 : without.total.ko / (without.total.ok + without.total.ko);
  const met = total.phases.chaos?.duration?.p95;
  const before = without.total.duration?.p95;
  const windows = recovery.find((one) => one.fault === fault)?.windows ?? [];
  const unrecovered = windows.find(({ recoveryMs }) => recoveryMs === undefined);
  const times = windows.flatMap(({ recoveryMs }) => (recoveryMs === undefined ? [] : [recoveryMs]));
  return {
    failed: Math.max(0, Math.round(total.ko - usual * (total.ok + total.ko))),
    p95Ms: met === undefined || before === undefined ? undefined : met - before,
    effect: EFFECTS.find((effect) => windows.some((one) => one.effect === effect)) ?? 'unknown',
    ...(unrecovered ? { reason: unrecovered.reason } : times.length > 0 && { recoveryMs: Math.max(...times) }),
  };
}

/** What outranks what: a run that failed has failed, whether or not another one could be judged. */
const RANKS: readonly ExitCode[] = [
  EXIT.stopped,
  EXIT.scenarioNotLoaded,
  EXIT.thresholdCrossed,
  EXIT.scenarioFailed,
  EXIT.invalid,
];

/** The verdict over all runs of a matrix: the worst of them. */
export function matrixVerdict(
  rows: readonly MatrixRow[],
  stopped: boolean,
): { readonly outcome: Outcome; readonly exitCode: ExitCode } {
  if (stopped) return { outcome: 'stopped', exitCode: EXIT.stopped };
  for (const code of RANKS) {
    const found = rows.find(({ exitCode }) => exitCode === code);
    if (found) return { outcome: found.outcome, exitCode: code };
  }
  return { outcome: 'passed', exitCode: EXIT.passed };
}
