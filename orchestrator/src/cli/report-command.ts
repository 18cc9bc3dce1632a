import { join, resolve } from 'node:path';
import { EXIT } from '@loads/core';
import type { Command } from 'commander';
import { prepareFile, writeOut } from '../exports/out-file.ts';
import { loadsVersion } from '../metadata/version.ts';
import { DEFAULT_APDEX_MS } from '../report/apdex.ts';
import { reportOf } from '../report/report-of.ts';
import { readEndedRun } from '../run/ended-run.ts';
import { openRun } from '../study/open-run.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { type ApdexFlags, addApdexOption } from './report-flags.ts';
import { RUNS_ROOT } from './run-load.ts';

type ReportCommandFlags = OutputFlags & ApdexFlags & { output?: string };

/** Adds `loads report`. */
export function addReport(loads: Command, context: CliContext): void {
  const command = loads
    .command('report')
    .description('write a run as one page of HTML: verdict, charts, tables, faults')
    .argument('[run]', 'its id, the beginning of its id, or its folder (default: the newest)')
    .option('-o, --output <file>', "where to, `-` is standard output (default: report.html in the run's folder)");
  addOutputOptions(addApdexOption(command)).action(async (name: string | undefined, flags: ReportCommandFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'report');
    const folder = await openRun(resolve(RUNS_ROOT), name);
    const { output = join(folder.path, 'report.html'), apdexT = DEFAULT_APDEX_MS } = flags;
    if (output !== '-') await prepareFile(output);
    const run = await readEndedRun(folder);
    for (const note of run.notes) terminal.warn(note);
    const page = await reportOf(run, { apdexMs: apdexT, version: loadsVersion() });
    if (output === '-') terminal.raw(page);
    else {
      await writeOut(output, page, context.env);
      terminal.result([output], { type: 'report', run: run.summary.run, file: output });
    }
    context.exit(EXIT.passed);
  });
}
