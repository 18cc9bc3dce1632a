import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EXIT, type ExitCode, LoadsError, ladderOf, type RunPlan, type SizingPlan } from '@loads/core';
import type { Launcher } from '../launch/launcher.ts';
import { sizePlan } from '../sizing/size-plan.ts';
import type { SizingReport } from '../sizing/sizing-report.ts';
import { sizingText, trialText } from '../sizing/sizing-text.ts';
import type { RunRecord } from '../store/run-folder.ts';
import type { Interrupts } from './interrupts.ts';
import type { Terminal } from './terminal.ts';

/** Where the reports of sizings are kept, beside the runs. */
const SIZINGS_ROOT: string = join('.loads', 'sizings');
/** The part of a trial's length that a service gets to come to itself. */
const REST_SHARE = 0.1;

export type SizeOptions = {
  readonly plan: RunPlan;
  readonly sizing: SizingPlan;
  readonly launcher: Launcher;
  /** The folder of all runs. */
  readonly root: string;
  readonly recordOf: (plan: RunPlan) => RunRecord;
  readonly interrupts: Interrupts;
  /** Aborts what has not begun. */
  readonly starting: AbortSignal;
  readonly terminal: Terminal;
};

/** Sizes what a plan describes, shows trial after trial, and keeps the report. Gives the exit code that it means. */
export async function sizeLoad(options: SizeOptions): Promise<ExitCode> {
  const { plan, sizing, launcher, root, recordOf, interrupts, starting, terminal } = options;
  const stopping = new AbortController();
  const onInterrupt = (listener: (count: number) => void): void =>
    interrupts.listen((count) => {
      stopping.abort(new LoadsError('ERR_STOPPED', 'stopped before the next trial had begun'));
      listener(count);
    });
  const { run: id } = recordOf(plan);
  const signal = AbortSignal.any([starting, stopping.signal]);
  const report = await sizePlan({
    id,
    plan,
    ladder: ladderOf(plan),
    tolerance: sizing.tolerance,
    launcher,
    root,
    recordOf,
    onInterrupt,
    signal,
    warn: (text) => terminal.warn(text),
    onTrial: (row) => terminal.step(trialText(row, terminal.paint), { type: 'trial', ...row }),
    now: () => performance.now(),
    async rest() {
      const ms = (plan.durationMs ?? 0) * REST_SHARE;
      await wait(ms, undefined, { signal }).catch(() => undefined);
    },
  });
  const path = await keep(report);
  terminal.result([...sizingText(report, terminal.paint), `  ${path}`], { type: 'sizing', path, report });
  return exitCodeOf(report);
}

async function keep(report: SizingReport): Promise<string> {
  await mkdir(SIZINGS_ROOT, { recursive: true });
  const path = resolve(SIZINGS_ROOT, `${report.sizing}.json`);
  await writeFile(path, `${JSON.stringify(report, undefined, 2)}\n`);
  return path;
}

/** Found, or at the end of what was to be tried; what the generator or chance kept from being found is no answer. */
function exitCodeOf({ end, holds }: SizingReport): ExitCode {
  if (end === 'stopped') return EXIT.stopped;
  if (end === 'generator' || end === 'trials') return EXIT.invalid;
  return holds ? EXIT.passed : EXIT.thresholdCrossed;
}
