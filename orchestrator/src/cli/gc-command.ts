import { resolve } from 'node:path';
import { EXIT, LoadsError } from '@loads/core';
import type { Command } from 'commander';
import { enginesOf } from '../launch/docker/docker-launcher.ts';
import { removeRun } from '../launch/docker/engine-nodes.ts';
import { type DockerRun, dockerRuns } from '../launch/docker/find-runs.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { knownRun, type RunPlaces } from './known-run.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';

type GcFlags = OutputFlags & { dryRun?: boolean; dockerHost?: string[] };

/** Adds `loads gc`. */
export function addGc(loads: Command, context: CliContext): void {
  const gc = loads
    .command('gc')
    .description('remove what dead runs left on container engines')
    .option('--dry-run', 'only say what would be removed');
  addOutputOptions(addDockerHost(gc)).action(async (flags: GcFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'gc');
    const places = { root: resolve(RUNS_ROOT), hosts: flags.dockerHost ?? [], env: context.env };
    const runs = await dockerRuns(await enginesOf(places.hosts, places.env));
    const alive = new Set(runs.filter(({ state }) => state !== 'ended').map(({ run }) => run));
    const dead = runs.filter(({ run }) => !alive.has(run));
    let stays = false;
    for (const one of dead) {
      let kept: string | undefined;
      try {
        if (!flags.dryRun) kept = await keep(one, places);
        if (!flags.dryRun) await removeRun(one.engine, one.run);
      } catch (error) {
        if (!(error instanceof LoadsError)) throw error;
        // The others can still be removed.
        stays = true;
        terminal.warn(`something of ${one.run} stays: ${error.message}`);
        continue;
      }
      const did = flags.dryRun ? 'would remove' : 'removed';
      const results = kept === undefined ? '' : `; what its nodes left is in ${kept}`;
      const json = { type: 'removed', run: one.run, folder: kept, dryRun: flags.dryRun };
      terminal.result([`${did} ${one.run}${results}`], json);
    }
    if (dead.length === 0) terminal.result(['there is nothing to remove'], { type: 'removed' });
    context.exit(stays ? EXIT.engineUnavailable : EXIT.passed);
  });
}

/** Brings what the nodes of a run left into its folder, where `loads attach` finds it. Of a run that never began there is none. */
async function keep({ run }: DockerRun, places: RunPlaces): Promise<string | undefined> {
  try {
    const found = await knownRun(run, places);
    if (found.shares.length === 0) return undefined;
    const folder = await found.folder();
    const nodes = await found.launcher.attach(folder);
    await nodes.collect();
    return folder.path;
  } catch (error) {
    // Its files are gone, or were never written: there is nothing to keep.
    if (error instanceof LoadsError && error.code.startsWith('ERR_RUN_')) return undefined;
    throw error;
  }
}
