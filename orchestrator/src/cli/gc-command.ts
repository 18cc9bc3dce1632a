import { resolve } from 'node:path';
import { EXIT, LoadsError } from '@loads/core';
import { type Command, InvalidArgumentError } from 'commander';
import type { Engine } from '../engine/engine.ts';
import { enginesOf } from '../launch/docker/docker-launcher.ts';
import { removeRun } from '../launch/docker/engine-nodes.ts';
import { type DockerRun, dockerRuns } from '../launch/docker/find-runs.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addDockerHost } from './docker-flags.ts';
import { forgetRuns } from './forget-runs.ts';
import { knownRun, type RunPlaces } from './known-run.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { isAbsent } from './ps-rows.ts';
import { RUNS_ROOT } from './run-load.ts';
import type { Terminal } from './terminal.ts';

type GcFlags = OutputFlags & { dryRun?: boolean; keep?: number; dockerHost?: string[] };

/** Adds `loads gc`. */
export function addGc(loads: Command, context: CliContext): void {
  const gc = loads
    .command('gc')
    .description('remove what dead runs left on container engines, and old runs')
    .option(
      '--keep <n>',
      'also remove runs, searches, matrices and sizings that have ended, but for the n newest of each',
      wholeNumber,
    )
    .option('--dry-run', 'only say what would be removed');
  addOutputOptions(addDockerHost(gc)).action(async (flags: GcFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'gc');
    const places = { root: resolve(RUNS_ROOT), hosts: flags.dockerHost ?? [], env: context.env };
    const engines = await enginesFor(flags, places);
    const { removed, stays, working } = await removeLeftOvers(engines, flags, places, terminal);
    const { keep: newest, dryRun = false } = flags;
    const old = newest === undefined ? 0 : await forgetRuns(places.root, { newest, dryRun, working }, terminal);
    if (removed + old === 0 && !stays) terminal.result(['there is nothing to remove'], { type: 'removed' });
    context.exit(stays ? EXIT.engineUnavailable : EXIT.passed);
  });
}

/** Who wants old runs to go may have no engine at all. */
async function enginesFor({ keep }: GcFlags, { hosts, env }: RunPlaces): Promise<readonly Engine[]> {
  return await enginesOf(hosts, env).catch((error: unknown) => {
    if (keep !== undefined && isAbsent(error, hosts, env)) return [];
    throw error;
  });
}

type Removal = { readonly removed: number; readonly stays: boolean; readonly working: ReadonlySet<string> };

async function removeLeftOvers(
  engines: readonly Engine[],
  { dryRun = false }: GcFlags,
  places: RunPlaces,
  terminal: Terminal,
): Promise<Removal> {
  const runs = await dockerRuns(engines);
  const working = new Set(runs.filter(({ state }) => state !== 'ended').map(({ run }) => run));
  const dead = runs.filter(({ run }) => !working.has(run));
  let stays = false;
  for (const one of dead) {
    let kept: string | undefined;
    try {
      if (!dryRun) kept = await keep(one, places);
      if (!dryRun) await removeRun(one.engine, one.run);
    } catch (error) {
      if (!(error instanceof LoadsError)) throw error;
      // The others can still be removed.
      stays = true;
      terminal.warn(`something of ${one.run} stays: ${error.message}`);
      continue;
    }
    const did = dryRun ? 'would remove' : 'removed';
    const results = kept === undefined ? '' : `; what its nodes left is in ${kept}`;
    const json = { type: 'removed', run: one.run, folder: kept, dryRun: dryRun || undefined };
    terminal.result([`${did} ${one.run}${results}`], json);
  }
  return { removed: dead.length, stays, working };
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

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError('Expected a whole number of 0 or more.');
  }
  return value;
}
