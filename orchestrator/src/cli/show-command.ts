import { resolve } from 'node:path';
import { EXIT } from '@loads/core';
import type { Command } from 'commander';
import { dashboardLink } from '../console/dashboard-link.ts';
import { readEndedSummary } from '../run/ended-run.ts';
import { RunFolder } from '../store/run-folder.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

/** Adds `loads show`. */
export function addShow(loads: Command, context: CliContext): void {
  const show = loads
    .command('show')
    .description('show what a run was and what came of it, as at its end')
    .argument('[run]', 'its id, the beginning of its id, or its folder (default: the newest)');
  addOutputOptions(show, 'all errors in full; stack traces').action(
    async (name: string | undefined, flags: OutputFlags) => {
      const terminal = terminalOf(flags, context);
      refuseCommand(context, 'show');
      const folder = await RunFolder.open(resolve(RUNS_ROOT), name);
      const { summary, notes } = await readEndedSummary(folder);
      for (const note of notes) terminal.warn(note);
      terminal.introduce({ ...folder.record, made: folder.record.metadata });
      terminal.summary(summary, folder.path, dashboardLink(folder.record, summary));
      context.exit(EXIT.passed);
    },
  );
}
