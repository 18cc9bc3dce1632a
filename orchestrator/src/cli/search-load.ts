import type { ExitCode } from '@loads/core';
import type { SearchReport } from '../search/search-report.ts';
import { searchText } from '../search/search-text.ts';
import { type SearchWish, searchSetup } from '../search/search-wish.ts';
import { sizePlan } from '../sizing/size-plan.ts';
import { trialText } from '../sizing/sizing-text.ts';
import { keepReport } from '../study/report-files.ts';
import { runSetting, type SeveralOptions } from './several-runs.ts';
import { restAfter, sizingExitCode } from './size-load.ts';

/** Searches for what breaks a service, shows trial after trial, and keeps the report. Gives the exit code that it means. */
export async function searchLoad(options: SeveralOptions, wish: SearchWish): Promise<ExitCode> {
  const { prepared, recordOf, terminal } = options;
  const { declared } = prepared;
  const { ladder, search, tolerance, entry } = searchSetup(prepared.plan, wish);
  const { sizing: _, ...plan } = prepared.plan;
  terminal.introduce({ plan, scenarios: declared?.scenarios });
  const [least, most] = [ladder.nameOf(search.floor ?? search.first), ladder.nameOf(ladder.ceiling)];
  terminal.note(
    `  search    ${entry === undefined ? '' : `${entry}: `}from ${least} up to ${most}, each trial a run as above`,
  );
  const { run: id } = recordOf(plan);
  const setting = runSetting(options, { search: id });
  const {
    sizing: __,
    unit,
    ...found
  } = await sizePlan({
    ...setting,
    id,
    plan,
    ladder,
    search,
    tolerance,
    onTrial: (row) => terminal.step(trialText(row, terminal.paint), { type: 'trial', ...row }),
    now: () => performance.now(),
    rest: () => restAfter(plan.durationMs, setting.signal),
  });
  const until = plan.thresholds.map(({ selector, expression }) => `${selector}: ${expression}`);
  const report: SearchReport = { ...found, search: id, vary: unit, ...(entry !== undefined && { entry }), until };
  const path = await keepReport(options.root, { kind: 'search', id }, report);
  terminal.result([...searchText(report, terminal.paint), `  ${path}`], { type: 'search', path, report });
  return sizingExitCode(report);
}
