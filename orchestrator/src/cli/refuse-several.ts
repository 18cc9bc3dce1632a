import { LoadsError, type RunPlan } from '@loads/core';
import type { ProblemList } from '../config/problem-list.ts';

/** What makes several runs of one plan: a flag, or a key of the configuration. */
export type SeveralFlags = { matrix?: boolean; sizing?: boolean; baseline?: string; fail?: number };

/** The name of what makes several runs; undefined where it is one. */
export function severalIn(plan: RunPlan, { matrix, sizing }: SeveralFlags): string | undefined {
  if (matrix) return '--matrix';
  if (!plan.sizing) return undefined;
  return sizing ? '--sizing' : '`sizing`';
}

/** Adds to the problems what several runs are not made with. */
export function refuseSeveral(plan: RunPlan, flags: SeveralFlags, problems: ProblemList): void {
  const several = severalIn(plan, flags);
  if (several === undefined) return;
  const refuse = (message: string, hint: string): void => {
    problems.of(() => {
      throw new LoadsError('ERR_USAGE', message, { hint });
    });
  };
  if (flags.baseline !== undefined)
    refuse(`${several} makes several runs, and --baseline is for one`, '`loads compare` compares any two afterwards');
  if (!flags.matrix) {
    if (flags.fail !== undefined) refuse(`${several} counts failures by itself`, 'say --sizing-tolerance, not --fail');
    return;
  }
  if (plan.sizing) refuse('--matrix and `sizing` exclude each other', 'make one after the other');
  if (plan.schedule.length === 0) refuse('--matrix needs an entry in `chaos`', 'see docs/search.md');
  if (plan.load?.some(({ model }) => model.kind === 'once'))
    refuse('--matrix and `singleRun` exclude each other', 'faults need a load that lasts');
  if (plan.stopOnFailure)
    refuse('--matrix and `stopOnFailure` (-x) exclude each other', 'what a fault costs is counted to the end');
}
