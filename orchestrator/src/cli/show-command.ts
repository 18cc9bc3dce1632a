import { resolve } from 'node:path';
import { EXIT } from '@loads/core';
import type { Command } from 'commander';
import { dashboardLink } from '../console/dashboard-link.ts';
import { readEndedSummary } from '../run/ended-run.ts';
import { RunFolder } from '../store/run-folder.ts';
import { findStored, newestStored } from '../study/find-stored.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';
import { showStudy } from './show-study.ts';
import type { Terminal } from './terminal.ts';

/** Adds `loads show`. */
export function addShow(loads: Command, context: CliContext): void {
  const show = loads
    .command('show')
    .description('show what a run, a search, a matrix or a sizing was and what came of it, as at its end')
    .argument('[run]', 'its id, the beginning of its id, or its folder or report (default: the newest)');
  addOutputOptions(show, 'all errors in full; stack traces').action(
    async (name: string | undefined, flags: OutputFlags) => {
      const terminal = terminalOf(flags, context);
      refuseCommand(context, 'show');
      const root = resolve(RUNS_ROOT);
      const stored = name === undefined ? await newestStored(root) : await findStored(root, name);
      if (stored.kind === 'study') await showStudy(stored.study, terminal, Date.now());
      else await showRun(await RunFolder.open(root, stored.path), terminal);
      context.exit(EXIT.passed);
    },
  );
}

async function showRun(folder: RunFolder, terminal: Terminal): Promise<void> {
  const { summary, notes } = await readEndedSummary(folder);
  for (const note of notes) terminal.warn(note);
  terminal.introduce({ ...folder.record, made: folder.record.metadata });
  terminal.summary(summary, folder.path, dashboardLink(folder.record, summary));
}
