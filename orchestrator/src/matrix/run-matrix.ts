import {
  LoadsError,
  type MatrixPlan,
  type MatrixRow,
  matrixPlans,
  matrixRow,
  matrixVerdict,
  type RunPlan,
  type Summary,
} from '@loads/core';
import { runTrial, type TrialSetting } from '../sizing/trial-run.ts';
import type { MatrixReport } from './matrix-report.ts';

export type MatrixSetting = TrialSetting & {
  /** The name of the matrix. */
  readonly id: string;
  readonly plan: RunPlan;
  /** Told before each run; what it gives is told of it, and closed at its end. */
  readonly onBegin: (one: MatrixPlan, number: number, of: number) => RunView;
  readonly onRow: (row: MatrixRow) => void;
  /** ms, of any monotonic clock. */
  readonly now: () => number;
  /** Lets a service come to itself after a fault. */
  readonly rest: () => Promise<void>;
};

/** What looks at a run while it goes on. */
export type RunView = Pick<TrialSetting, 'onProgress' | 'onInterrupt'> & { close(): void };

/** Runs a plan without faults and with each entry of its schedule alone. Throws what `runTrial` throws. */
export async function runMatrix(setting: MatrixSetting): Promise<MatrixReport> {
  const { id, plan, signal, onRow, now, rest } = setting;
  const begunMs = now();
  const plans = matrixPlans(plan);
  const rows: MatrixRow[] = [];
  let without: Summary | undefined;
  let stopped = false;
  for (const [i, one] of plans.entries()) {
    if (i > 0) await rest();
    const summary = signal.aborted ? undefined : await summaryOf(one, setting, i + 1, plans.length);
    stopped = summary === undefined || summary.outcome === 'stopped';
    if (!summary) break;
    const row = matrixRow(one.fault, summary, without);
    without ??= summary;
    rows.push(row);
    onRow(row);
    if (stopped) break;
  }
  const { name, nodes } = plan;
  return {
    version: 1,
    matrix: id,
    name,
    nodes,
    ...matrixVerdict(rows, stopped),
    elapsedMs: now() - begunMs,
    runs: plans.length,
    rows,
  };
}

/** Makes one run; undefined when the user stopped it before it had begun. */
async function summaryOf(
  one: MatrixPlan,
  setting: MatrixSetting,
  number: number,
  of: number,
): Promise<Summary | undefined> {
  const { onProgress, onInterrupt, close } = setting.onBegin(one, number, of);
  try {
    return (await runTrial(one.plan, { ...setting, onProgress, onInterrupt })).summary;
  } catch (error) {
    if (error instanceof LoadsError && error.code === 'ERR_STOPPED') return undefined;
    throw error;
  } finally {
    close();
  }
}
