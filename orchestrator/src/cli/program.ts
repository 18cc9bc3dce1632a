import { Command } from 'commander';
import { addAttach } from './attach-command.ts';
import { addCheck } from './check-command.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT_CODES } from './help-texts.ts';
import { refuseRepeats } from './refuse-repeats.ts';
import { addRun } from './run-command.ts';

/** The command line of `loads`. */
export function program(version: string, context: CliContext): Command {
  const loads = new Command('loads')
    .description('Load and chaos in one run: does the service hold, under load, while its network breaks?')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .showSuggestionAfterError()
    .configureHelp({ helpWidth: 100 })
    .addHelpText('after', EXIT_CODES);
  addRun(loads, context);
  addAttach(loads, context);
  addCheck(loads, context);
  for (const command of loads.commands) refuseRepeats(command, ['env']);
  return loads;
}
