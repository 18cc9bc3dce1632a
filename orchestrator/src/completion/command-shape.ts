import type { Command, Option } from 'commander';

/** An option as a shell completes it. */
export type OptionShape = {
  /** `-w`, if it has one. */
  readonly short: string | undefined;
  /** `--workers`. */
  readonly long: string | undefined;
  readonly description: string;
  readonly value: 'none' | 'optional' | 'required';
  /** The only values it takes; undefined: any. */
  readonly choices: readonly string[] | undefined;
};

/** A command as a shell completes it. */
export type CommandShape = {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionShape[];
  readonly commands: readonly CommandShape[];
  /** Its arguments: the choices of each, or undefined where it may be a file. */
  readonly operands: readonly (readonly string[] | undefined)[];
};

/** What a command line offers, commands below commands included; hidden options are left out. */
export function commandShape(command: Command): CommandShape {
  const help = command.createHelp();
  help.showGlobalOptions = false;
  return {
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(optionShape),
    commands: help.visibleCommands(command).map(commandShape),
    operands: command.registeredArguments.map(({ argChoices }) => argChoices),
  };
}

function optionShape({ short, long, description, required, optional, argChoices }: Option): OptionShape {
  const value = required ? 'required' : optional ? 'optional' : 'none';
  return { short, long, description, value, choices: argChoices };
}

/** A text in single quotes, as shells of the Bourne family read it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
