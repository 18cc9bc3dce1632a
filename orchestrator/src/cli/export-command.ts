import { resolve } from 'node:path';
import { EXIT } from '@loads/core';
import { type Command, Option } from 'commander';
import { prepareFile, writeOut } from '../exports/out-file.ts';
import { FORMATS, REPORTERS, reporterOf } from '../exports/registry.ts';
import { readEndedRun } from '../run/ended-run.ts';
import { openRun } from '../study/open-run.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

type ExportFlags = OutputFlags & { format: string; output?: string };

const LONGEST = Math.max(...FORMATS.map((format) => format.length));
const FORMAT_HELP = `
Formats:
${REPORTERS.map(({ name, doc }) => `  ${name.padEnd(LONGEST)}  ${doc}`).join('\n')}`;

/** Adds `loads export`. */
export function addExport(loads: Command, context: CliContext): void {
  const command = loads
    .command('export')
    .description('write a run in another format, for CI and other tools')
    .argument('[run]', 'its id, the beginning of its id, or its folder (default: the newest)')
    .addOption(new Option('-f, --format <format>', 'one of those below').choices([...FORMATS]).makeOptionMandatory())
    .option('-o, --output <file>', 'where to (default: standard output)');
  addOutputOptions(command)
    .addHelpText('after', FORMAT_HELP)
    .action(async (name: string | undefined, flags: ExportFlags) => {
      const terminal = terminalOf(flags, context);
      refuseCommand(context, 'export');
      const { format, output } = flags;
      const toFile = output !== undefined && output !== '-';
      if (toFile) await prepareFile(output);
      const run = await readEndedRun(await openRun(resolve(RUNS_ROOT), name));
      for (const note of run.notes) terminal.warn(note);
      const text = reporterOf(format).report(run);
      if (toFile) {
        await writeOut(output, text, context.env);
        const { run: id } = run.summary;
        terminal.result([`${id} is in ${output}`], { type: 'exported', run: id, format, file: output });
      } else terminal.raw(text);
      context.exit(EXIT.passed);
    });
}
