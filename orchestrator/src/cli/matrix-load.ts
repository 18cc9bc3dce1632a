import { writeFile } from 'node:fs/promises';
import type { ExitCode } from '@loads/core';
import { WITHOUT_FAULTS } from '../matrix/matrix-report.ts';
import { matrixMarkdown, matrixRowText, matrixText } from '../matrix/matrix-text.ts';
import { runMatrix } from '../matrix/run-matrix.ts';
import { keepReport } from '../study/report-files.ts';
import { runSetting, type SeveralOptions } from './several-runs.ts';
import { restAfter } from './size-load.ts';

/** No share of failures ends a run early: what a fault costs is known when it is over. */
const ANY_FAILURES = 1;

/**
 * Runs the same load without faults and with each entry of `chaos` alone, shows what each costs, and keeps the report as JSON
 * and Markdown. Gives the exit code over all runs.
 */
export async function matrixLoad(options: SeveralOptions): Promise<ExitCode> {
  const { prepared, recordOf, terminal } = options;
  const { plan, declared } = prepared;
  terminal.introduce({ plan, scenarios: declared?.scenarios });
  const { run: id } = recordOf(plan);
  const setting = runSetting(options, { matrix: id });
  const report = await runMatrix({
    ...setting,
    id,
    plan,
    tolerance: ANY_FAILURES,
    onBegin({ fault = WITHOUT_FAULTS, plan: one }, number, of) {
      terminal.note(`run ${number} of ${of}: ${fault}`);
      const display = terminal.display(one);
      return {
        onProgress: (progress) => display.show(progress),
        onInterrupt: (listener) =>
          setting.onInterrupt((count) => {
            if (count === 1) display.note('stopping: iterations in flight may end; press Ctrl-C again to stop at once');
            listener(count);
          }),
        close: () => display.close(),
      };
    },
    onRow: (row) => terminal.step(matrixRowText(row, terminal.paint), { type: 'cost', ...row }),
    now: () => performance.now(),
    rest: () => restAfter(plan.durationMs, setting.signal),
  });
  const path = await keepReport(options.root, { kind: 'matrix', id }, report);
  await writeFile(path.replace(/\.json$/, '.md'), matrixMarkdown(report));
  terminal.result([...matrixText(report, terminal.paint), `  ${path}`], { type: 'matrix', path, report });
  return report.exitCode;
}
