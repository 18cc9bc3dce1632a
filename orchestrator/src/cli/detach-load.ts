import { EXIT, type ExitCode, LoadsError, type RunPlan } from '@loads/core';
import type { ProblemList } from '../config/problem-list.ts';
import { Run } from '../run/run.ts';
import { RunFolder } from '../store/run-folder.ts';
import type { SeveralOptions } from './several-runs.ts';
import { startRun } from './start-run.ts';

/** Begins a run and leaves it to its nodes: `loads attach` shows and judges it. */
export async function detachLoad(options: SeveralOptions): Promise<ExitCode> {
  const { prepared, launcher, root, recordOf, starting, atOnce, terminal } = options;
  const record = recordOf(prepared.plan);
  const folder = await RunFolder.create(root, record);
  terminal.introduce({ ...record, scenarios: prepared.declared?.scenarios });
  const stop = { signal: starting, atOnce };
  await startRun(new Run(folder, launcher), prepared.plan.nodes, stop, terminal);
  const { run } = record;
  terminal.note(`it goes on by itself: \`loads attach ${run}\` shows and judges it`);
  terminal.result([run], { type: 'detached', run, folder: folder.path });
  return EXIT.passed;
}

/** What is done when a run has ended, or while it is watched. */
export type WatchedFlags = {
  detach?: boolean;
  healthCheck?: boolean;
  matrix?: boolean;
  baseline?: string;
  report?: string;
  out?: readonly unknown[];
  repo?: string;
};

/** Adds to the problems what a run that nobody watches is not made with. */
export function refuseDetached(plan: RunPlan, flags: WatchedFlags, problems: ProblemList): void {
  if (!flags.detach) return;
  const watched = [
    ['--matrix', flags.matrix],
    ['`sizing`', plan.sizing],
    ['--health-check', flags.healthCheck],
    ['--baseline', flags.baseline],
    ['--report', flags.report],
    ['--out', flags.out],
    ['--repo', flags.repo],
    ['`stopOnFailure` (-x)', plan.stopOnFailure],
    ['`abortOnFail`', plan.thresholds.some(({ abortOnFail }) => abortOnFail)],
  ] as const;
  for (const [name, given] of watched) {
    if (given === undefined || given === false) continue;
    problems.of(() => {
      throw new LoadsError('ERR_USAGE', `${name} needs somebody who watches the run, and --detach leaves it`, {
        hint: 'after `loads attach` there are `loads report`, `loads export` and `loads compare`',
      });
    });
  }
}
