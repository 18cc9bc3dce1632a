import { EXIT } from '@loads/core';
import { CommanderError } from 'commander';
import { loadsVersion } from '../metadata/version.ts';
import type { Inspector } from '../preflight/inspector.ts';
import { withDotEnv } from './dot-env.ts';
import { separateFail } from './fail-flag.ts';
import { program } from './program.ts';
import { exitCodeOf } from './run-load.ts';
import { Terminal } from './terminal.ts';

/**
 * The command `loads`. `args` are those after the program's name; `inspector` is started already where a scenario is likely
 * to be loaded. Gives the exit code.
 */
export async function main(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  inspector?: Inspector | undefined,
): Promise<number> {
  const env = withDotEnv(environment, '.env');
  const dashes = args.indexOf('--');
  const own = dashes === -1 ? args : args.slice(0, dashes);
  const command = dashes === -1 ? undefined : args.slice(dashes + 1);
  let code = 0;
  // Until a command has read its flags: errors of the command line itself.
  let terminal = new Terminal(
    { json: false, quiet: false, verbose: false, color: true },
    process.stdout,
    process.stderr,
    env,
  );
  const loads = program(loadsVersion(), {
    env,
    args,
    command,
    inspector,
    terminal: (options) => {
      terminal = new Terminal(options, process.stdout, process.stderr, env);
      return terminal;
    },
    exit: (exitCode) => {
      code = exitCode;
    },
  });
  for (const one of [loads, ...loads.commands]) one.exitOverride();
  try {
    if (own.length === 0) loads.help();
    await loads.parseAsync(separateFail(own), { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.badConfiguration;
    terminal.error(error);
    return exitCodeOf(error);
  }
}
