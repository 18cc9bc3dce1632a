import { type ExitCode, LoadsError, type RunPlan } from '@loads/core';
import type { Launcher } from '../launch/launcher.ts';
import type { TrialSetting } from '../sizing/trial-run.ts';
import type { RunRecord } from '../store/run-folder.ts';
import type { Interrupts } from './interrupts.ts';
import type { PreparedPlan } from './prepare-plan.ts';
import type { Terminal } from './terminal.ts';

/** Makes several runs of a plan in the place of one that is watched (or begins one), and gives the exit code over all of them. */
export type SeveralRuns = (options: SeveralOptions) => Promise<ExitCode>;

export type SeveralOptions = {
  readonly prepared: PreparedPlan;
  readonly launcher: Launcher;
  /** The folder of all runs. */
  readonly root: string;
  /** The record of a further run, which has a name of its own. */
  readonly recordOf: (plan: RunPlan) => RunRecord;
  readonly interrupts: Interrupts;
  /** Aborts what has not begun. */
  readonly starting: AbortSignal;
  /** Aborts when what has not begun is not waited for either. */
  readonly atOnce: AbortSignal;
  readonly terminal: Terminal;
};

/**
 * Where the runs are made, one after the other: the first interrupt ends the one that goes on, as that of a single run, and
 * no further one begins. Their records carry `labels`.
 */
export function runSetting(
  { launcher, root, recordOf, interrupts, starting, atOnce, terminal }: SeveralOptions,
  labels: Readonly<Record<string, string>>,
): Omit<TrialSetting, 'tolerance'> {
  const stopping = new AbortController();
  const killing = new AbortController();
  return {
    launcher,
    root,
    recordOf(plan) {
      const record = recordOf(plan);
      return { ...record, labels: { ...record.labels, ...labels } };
    },
    onInterrupt: (listener) =>
      interrupts.listen((count) => {
        stopping.abort(new LoadsError('ERR_STOPPED', 'stopped before the next run had begun'));
        if (count > 1) killing.abort();
        listener(count);
      }),
    signal: AbortSignal.any([starting, stopping.signal]),
    atOnce: AbortSignal.any([atOnce, killing.signal]),
    warn: (text) => terminal.warn(text),
  };
}
