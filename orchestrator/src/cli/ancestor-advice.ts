import { LoadsError } from '@loads/core';
import { type Command, Option } from 'commander';

/** Flags of the first Loads that are no flags here, and what stands in their place. */
const ADVICE: readonly (readonly [flags: string, hint: string])[] = [
  ['--test-runner <command>', 'give the program after `--`: loads run -- command'],
  ['--include-file <glob>', "the scenario's folder travels to the nodes by itself"],
  ['--python-dep <package>', 'a molotov.json has `requirements`; other programs bring an image along: --image'],
  ['--ssh <address>', 'name the engine of that host: --on docker --docker-host ssh://user@host'],
  ['--user-id <id>', 'label the run: --label user=ID'],
  ['--observer <name>', 'what follows the run in the shell is told by its exit code: loads run ... || mail ...'],
  ['--attach', 'rejoin a run from any terminal: loads attach RUN'],
  ['--ping-broker', 'list what runs: loads ps'],
  ['--purge-broker', 'end and remove runs: loads rm --force RUN'],
];

/** Takes them, to say what stands in their place; help does not list them. */
export function addAdvisedOptions(command: Command): Command {
  return ADVICE.reduce((all, [flags]) => all.addOption(new Option(flags).hideHelp()), command);
}

/** Throws ERR_USAGE when one of them is given. */
export function refuseAdvised(flags: Readonly<Record<string, unknown>>): void {
  for (const [text, hint] of ADVICE) {
    const option = new Option(text);
    if (flags[option.attributeName()] !== undefined)
      throw new LoadsError('ERR_USAGE', `--${option.name()} of the first Loads is no option here`, { hint });
  }
}
