import { resolve } from 'node:path';
import { EXIT } from '@loads/core';
import type { Command } from 'commander';
import { removeRunFolder, workOf } from '../store/remove-run.ts';
import { findStored, type Stored } from '../study/find-stored.ts';
import { refuseWorkingStudy, removeStudy } from '../study/remove-study.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { endContainers } from './end-containers.ts';
import { removalOf } from './forget-runs.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { RUNS_ROOT } from './run-load.ts';
import type { Terminal } from './terminal.ts';

type RmFlags = OutputFlags & { force?: boolean; dockerHost?: string[] };

/** Adds `loads rm`. */
export function addRm(loads: Command, context: CliContext): void {
  const rm = loads
    .command('rm')
    .description('remove runs with all that they left, and searches, matrices and sizings with their runs')
    .argument('<run...>', 'their ids, the beginnings of their ids, or their folders')
    .option('--force', 'end those that still work, and remove them, too');
  addOutputOptions(addDockerHost(rm)).action(async (names: readonly string[], flags: RmFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'rm');
    const { force = false } = flags;
    const places = { root: resolve(RUNS_ROOT), hosts: flags.dockerHost ?? [], env: context.env };
    // All of them are looked at before the first one goes.
    const found = new Map<string, Stored>();
    for (const name of names) {
      const stored = await findStored(places.root, name);
      found.set(stored.kind === 'study' ? stored.study.id : stored.path, stored);
    }
    for (const stored of found.values()) {
      if (stored.kind === 'study') await refuseWorkingStudy(stored.study, force);
      else await workOf({ path: stored.path, force });
    }
    for (const path of pathsOf([...found.values()])) await endContainers(path, force, places);
    // Studies first: a run of theirs that is named as well goes with them.
    const ordered = [...found.values()].sort((a, b) => Number(a.kind === 'run') - Number(b.kind === 'run'));
    const gone = new Set<string>();
    for (const stored of ordered) {
      if (stored.kind === 'run' && gone.has(stored.path)) continue;
      await remove(stored, force, terminal);
      for (const path of pathsOf([stored])) gone.add(path);
    }
    context.exit(EXIT.passed);
  });
}

function pathsOf(all: readonly Stored[]): ReadonlySet<string> {
  const paths = all.flatMap((one) => (one.kind === 'run' ? [one.path] : one.study.trials.map(({ path }) => path)));
  return new Set(paths);
}

async function remove(stored: Stored, force: boolean, terminal: Terminal): Promise<void> {
  if (stored.kind === 'study') {
    await removeStudy(stored.study, force);
    const { text, json } = removalOf(stored.study);
    terminal.result([`removed ${text}`], json);
    return;
  }
  const run = await removeRunFolder({ path: stored.path, force });
  terminal.result([`removed ${run}`], { type: 'removed', run });
}
