import { resolve } from 'node:path';
import { compareSides, EXIT, LoadsError, type Tolerance } from '@loads/core';
import type { Command } from 'commander';
import { comparisonText } from '../compare/comparison-text.ts';
import { figuresOfRun } from '../compare/open-figures.ts';
import { notesOfSides, openSide } from '../compare/open-side.ts';
import { toleranceOf } from './comparison-flags.ts';
import { type AfterRun, RUNS_ROOT } from './run-load.ts';
import type { Terminal } from './terminal.ts';

/** Flags of a run that is compared with one before. */
export type BaselineFlags = {
  baseline?: string;
  baselineTolerance?: string;
  failOnRegression?: boolean;
};

/** Adds them. */
export function addBaselineOptions(command: Command): Command {
  return command
    .option(
      '--baseline <run>',
      'compare the run with one before: its id, its folder, a baseline file, or several (A1,A2,A3)',
    )
    .option('--baseline-tolerance <percent>', 'a change up to this does not matter (default: 5)')
    .option('--fail-on-regression', 'exit with 99 when it is worse than the baseline');
}

/**
 * What compares a run with the baseline that the flags name, when it has been judged; undefined where they name none. The
 * baseline is read at once, so that one that cannot be read costs no run. Throws what `openSide` throws, and ERR_USAGE.
 */
export async function againstBaseline(flags: BaselineFlags, terminal: Terminal): Promise<AfterRun | undefined> {
  const { baseline, failOnRegression = false } = flags;
  const tolerance: Tolerance = toleranceOf({ tolerance: flags.baselineTolerance }, '--baseline-tolerance');
  if (baseline === undefined) {
    if (failOnRegression || flags.baselineTolerance !== undefined)
      throw new LoadsError('ERR_USAGE', 'there is nothing to compare the run with', { hint: 'add `--baseline RUN`' });
    return undefined;
  }
  const before = await openSide(baseline, { root: resolve(RUNS_ROOT), force: false });
  return async (run) => {
    const { outcome, run: name } = run.summary;
    if (outcome === 'invalid' || outcome === 'stopped') {
      terminal.warn(
        `${name} is not compared with ${baseline}: it ${outcome === 'stopped' ? 'was stopped' : 'is INVALID'}`,
      );
      return undefined;
    }
    const figures = figuresOfRun(run);
    const comparison = compareSides(before.runs, [figures], tolerance);
    const notes = [...before.notes, ...notesOfSides(before, { runs: [figures], notes: [] })];
    const text = comparisonText(comparison, notes, terminal);
    terminal.result(['', ...text], { type: 'comparison', notes, comparison });
    return failOnRegression && comparison.change === 'worse' ? EXIT.thresholdCrossed : undefined;
  };
}
