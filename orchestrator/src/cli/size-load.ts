import { setTimeout as wait } from 'node:timers/promises';
import { EXIT, type ExitCode, ladderOf } from '@loads/core';
import { sizePlan, usualSearch } from '../sizing/size-plan.ts';
import type { SizingReport } from '../sizing/sizing-report.ts';
import { sizingText, trialText } from '../sizing/sizing-text.ts';
import { keepReport } from '../study/report-files.ts';
import { runSetting, type SeveralOptions } from './several-runs.ts';

/** The part of a trial's length that a service gets to come to itself. */
const REST_SHARE = 0.1;

/** Sizes what a plan describes, shows trial after trial, and keeps the report. Gives the exit code that it means. */
export async function sizeLoad(options: SeveralOptions): Promise<ExitCode> {
  const { prepared, recordOf, terminal } = options;
  const { plan, declared } = prepared;
  terminal.introduce({ plan, scenarios: declared?.scenarios });
  const { run: id } = recordOf(plan);
  const setting = runSetting(options, { sizing: id });
  const ladder = ladderOf(plan);
  const report = await sizePlan({
    ...setting,
    id,
    plan,
    ladder,
    search: usualSearch(ladder),
    tolerance: plan.sizing?.tolerance ?? 0,
    onTrial: (row) => terminal.step(trialText(row, terminal.paint), { type: 'trial', ...row }),
    now: () => performance.now(),
    rest: () => restAfter(plan.durationMs, setting.signal),
  });
  const path = await keepReport(options.root, { kind: 'sizing', id }, report);
  terminal.result([...sizingText(report, terminal.paint), `  ${path}`], { type: 'sizing', path, report });
  return sizingExitCode(report);
}

/** Lets a service come to itself, for a part of the length of a trial (ms). */
export async function restAfter(durationMs: number | null, signal: AbortSignal): Promise<void> {
  await wait((durationMs ?? 0) * REST_SHARE, undefined, { signal }).catch(() => undefined);
}

/** Found, or at the end of what was to be tried; what the generator or chance kept from being found is no answer. */
export function sizingExitCode({ end, holds }: Pick<SizingReport, 'end' | 'holds'>): ExitCode {
  if (end === 'stopped') return EXIT.stopped;
  if (end === 'generator' || end === 'trials') return EXIT.invalid;
  return holds ? EXIT.passed : EXIT.thresholdCrossed;
}
