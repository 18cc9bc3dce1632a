import { LoadsError } from '@loads/core';
import { matrixRowText, matrixText } from '../matrix/matrix-text.ts';
import { searchText } from '../search/search-text.ts';
import { sizingText, trialText } from '../sizing/sizing-text.ts';
import type { ListedStudy } from '../study/list-studies.ts';
import { readReport } from '../study/read-report.ts';
import { psLines, rowsOfRuns } from './ps-rows.ts';
import type { Terminal } from './terminal.ts';

/**
 * Shows a search, a matrix or a sizing as at its end; of one that was never finished the runs that there are. Throws
 * ERR_USAGE while it works, and ERR_RUN_DAMAGED.
 */
export async function showStudy(study: ListedStudy, terminal: Terminal, nowMs: number): Promise<void> {
  const { kind, id, path, state, trials } = study;
  if (state === 'working') {
    const hint = 'its command shows how it goes; `loads ps` shows the run that it makes';
    throw new LoadsError('ERR_USAGE', `${kind} ${id} still works`, { hint });
  }
  if (state === 'unfinished') {
    const rows = rowsOfRuns(trials);
    terminal.warn(`${kind} ${id} was never finished: these are its runs`);
    return terminal.result(psLines(rows, true, nowMs), { type: 'runs', runs: rows });
  }
  const found = await readReport(study);
  const { paint } = terminal;
  const { report } = found;
  const text =
    found.kind === 'matrix'
      ? [...found.report.rows.map((row) => matrixRowText(row, paint)), ...matrixText(found.report, paint)]
      : [
          ...found.report.trials.map((row) => trialText(row, paint)),
          ...(found.kind === 'search' ? searchText(found.report, paint) : sizingText(found.report, paint)),
        ];
  terminal.result([...text, `  ${path}`], { type: kind, path, report });
}
