import { resolve } from 'node:path';
import { EXIT } from '@loads/core';
import type { Command } from 'commander';
import { removeRunFolder, type StoredPlace, workOf } from '../store/remove-run.ts';
import { RunFolder } from '../store/run-folder.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { endContainers } from './end-containers.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

type RmFlags = OutputFlags & { force?: boolean; dockerHost?: string[] };

/** Adds `loads rm`. */
export function addRm(loads: Command, context: CliContext): void {
  const rm = loads
    .command('rm')
    .description('remove runs with all that they left')
    .argument('<run...>', 'their ids, the beginnings of their ids, or their folders')
    .option('--force', 'end those that still work, and remove them, too');
  addOutputOptions(addDockerHost(rm)).action(async (names: readonly string[], flags: RmFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'rm');
    const places = { root: resolve(RUNS_ROOT), hosts: flags.dockerHost ?? [], env: context.env };
    // All of them are looked at before the first one goes.
    const found = new Map<string, StoredPlace>();
    for (const name of names) {
      const path = await RunFolder.locate(places.root, name);
      found.set(path, { path, force: flags.force ?? false });
    }
    for (const place of found.values()) await workOf(place);
    for (const { path, force } of found.values()) await endContainers(path, force, places);
    for (const place of found.values()) {
      const run = await removeRunFolder(place);
      terminal.result([`removed ${run}`], { type: 'removed', run });
    }
    context.exit(EXIT.passed);
  });
}
