import { LoadsError } from '@loads/core';
import type { Command } from 'commander';
import { defaultConfig } from '../config/default-config.ts';
import { listRuns } from '../config/list-runs.ts';
import { checkTypes, typedFiles } from '../preflight/check-types.ts';
import { type CliContext, refuseCommand } from './cli-context.ts';
import { addOutputOptions, type OutputFlags, terminalOf } from './output-options.ts';
import { type PreparedPlan, preparePlan } from './prepare-plan.ts';
import type { Terminal } from './terminal.ts';

type CheckFlags = OutputFlags & { run?: string; types: boolean };

/** Adds `loads check`. */
export function addCheck(loads: Command, context: CliContext): void {
  const check = loads
    .command('check')
    .description('validate a scenario or a configuration without running it')
    .argument('[file]', 'a scenario (shop.ts) or a configuration (default: loads.yml, or molotov.json)')
    .option('--run <name>', 'only this run of the configuration (default: all)')
    .option('--no-types', "leave out the types, which the project's own TypeScript checks where it has one");
  addOutputOptions(check).action(async (given: string | undefined, flags: CheckFlags) => {
    const terminal = terminalOf(flags, context);
    refuseCommand(context, 'check');
    const file = given ?? (await defaultConfig('.'));
    const runs = flags.run === undefined ? await listRuns(file, context.env) : [flags.run];
    const prepared = await prepareAll(file, runs, context.env);
    if (flags.types) await checkAllTypes(prepared, terminal);
    for (const [i, { plan, declared, notes }] of prepared.entries()) {
      for (const note of notes) terminal.warn(note);
      terminal.valid(file, { plan, scenarios: declared?.scenarios }, runs[i]);
    }
    context.exit(0);
  });
}

/** Checks the types of all files that runs load. Throws what `checkTypes` throws. */
async function checkAllTypes(prepared: readonly PreparedPlan[], terminal: Terminal): Promise<void> {
  const files = new Set(prepared.flatMap(({ plan }) => typedFiles(plan)));
  const { signal } = new AbortController();
  if ((await checkTypes([...files], signal)) === 'not installed')
    terminal.warn('types are not checked: the project has a tsconfig.json, and TypeScript is not installed in it');
}

/** Prepares every run of a file. Throws ERR_CONFIG with the problems of all of them, each once. */
async function prepareAll(
  file: string,
  runs: readonly (string | undefined)[],
  env: NodeJS.ProcessEnv,
): Promise<readonly PreparedPlan[]> {
  const { signal } = new AbortController();
  const prepared: PreparedPlan[] = [];
  const problems = new Set<string>();
  for (const run of runs) {
    try {
      prepared.push(await preparePlan({ file, run, flags: [], env, defaultSeed: 0 }, signal));
    } catch (error) {
      if (!(error instanceof LoadsError) || error.code !== 'ERR_CONFIG') throw error;
      for (const line of error.message.split('\n')) problems.add(line);
    }
  }
  if (problems.size > 0) throw new LoadsError('ERR_CONFIG', [...problems].join('\n'));
  return prepared;
}
