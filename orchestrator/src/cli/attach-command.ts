import { resolve } from 'node:path';
import type { Command } from 'commander';
import { attachRun } from '../run/run.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { EXIT_CODES } from './help-texts.ts';
import { Interrupts } from './interrupts.ts';
import { knownRun } from './known-run.ts';
import { addProgressOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT, watch } from './run-load.ts';

/** Adds `loads attach`. */
export function addAttach(loads: Command, context: CliContext): void {
  const attach = loads
    .command('attach')
    .description('rejoin a run, or judge one that has ended')
    .argument('[run]', 'its id, the beginning of its id, or its folder (default: the newest)');
  addProgressOptions(addDockerHost(attach))
    .addHelpText('after', EXIT_CODES)
    .action(async (name: string | undefined, flags: OutputFlags & { dockerHost?: string[] }) => {
      const terminal = terminalOf(flags, context);
      refuseCommand(context, 'attach');
      const { dockerHost: hosts = [] } = flags;
      const found = await knownRun(name, { root: resolve(RUNS_ROOT), hosts, env: context.env });
      const folder = await found.folder();
      using interrupts = new Interrupts();
      const running = await attachRun(folder, found.launcher);
      terminal.introduce(folder.record);
      context.exit(await watch(running, folder, interrupts, terminal));
    });
}
