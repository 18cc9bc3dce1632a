import { resolve } from 'node:path';
import { baselineText, LoadsError } from '@loads/core';
import { Argument, type Command } from 'commander';
import { openFigures } from '../compare/open-figures.ts';
import { prepareFile, writeOut } from '../exports/out-file.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

/** What a baseline is called where the user names none. */
const BASELINE_FILE = 'loads.baseline.json';

type BaselineFlags = OutputFlags & { output?: string; force?: boolean };

/** Adds `loads baseline save`. */
export function addBaseline(loads: Command, context: CliContext): void {
  const baseline = loads
    .command('baseline')
    .description('keep what of a run is compared in a small file, for the repository')
    .addArgument(new Argument('<action>', 'what to do with it').choices(['save']))
    .argument('[run]', 'its id, the beginning of its id, or its folder (default: the newest)')
    .option('-o, --output <file>', `where it is kept (default: ${BASELINE_FILE})`)
    .option('--force', 'keep a run that did not pass, too');
  addOutputOptions(baseline).action(async (_action: string, name: string | undefined, flags: BaselineFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'baseline');
    const { force = false, output = BASELINE_FILE } = flags;
    const { figures } = await openFigures(name, { root: resolve(RUNS_ROOT), force });
    if (figures.outcome !== 'passed' && !force) {
      const hint = 'a baseline is what later runs have to be as good as; `--force` keeps it all the same';
      throw new LoadsError('ERR_USAGE', `run ${figures.run} has not passed: it is ${figures.outcome}`, { hint });
    }
    await prepareFile(output);
    await writeOut(output, baselineText(figures), {});
    const path = resolve(output);
    terminal.result([`${figures.run} is the baseline now: ${path}`], { type: 'baseline', run: figures.run, path });
    context.exit(0);
  });
}
