import { resolve } from 'node:path';
import { LoadsError } from '@loads/core';
import type { Command } from 'commander';
import { launchers } from '../launch/registry.ts';
import { attachRun } from '../run/run.ts';
import { RunFolder } from '../store/run-folder.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { EXIT_CODES } from './help-texts.ts';
import { Interrupts } from './interrupts.ts';
import { addProgressOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT, watch } from './run-load.ts';

/** Adds `loads attach`. */
export function addAttach(loads: Command, context: CliContext): void {
  const attach = loads
    .command('attach')
    .description('rejoin a run, or judge one that has ended')
    .argument('[run]', 'its id, the beginning of its id, or its folder (default: the newest)');
  addProgressOptions(attach)
    .addHelpText('after', EXIT_CODES)
    .action(async (name: string | undefined, flags: OutputFlags) => {
      const terminal = terminalOf(flags, context);
      refuseCommand(context, 'attach');
      const folder = await RunFolder.open(resolve(RUNS_ROOT), name);
      const launcher = launchers.get(folder.record.launcher);
      if (!launcher) throw new LoadsError('ERR_RUN_DAMAGED', `there is no launcher '${folder.record.launcher}'`);
      using interrupts = new Interrupts();
      const running = await attachRun(folder, launcher);
      terminal.introduce(folder.record);
      context.exit(await watch(running, folder, interrupts, terminal));
    });
}
