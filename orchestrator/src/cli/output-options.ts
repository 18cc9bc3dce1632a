import type { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import type { Terminal } from './terminal.ts';

export type OutputFlags = { quiet?: boolean; verbose?: boolean; json?: boolean; color?: boolean };

/** Adds the flags that say how a command writes. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('-v, --verbose', 'stack traces and details')
    .option('--json', 'JSON lines instead of text')
    .option('--no-color', 'no colours (also NO_COLOR)');
}

/** Adds them, and `-q`, to a command that shows how a run goes. */
export function addProgressOptions(command: Command): Command {
  return addOutputOptions(command.option('-q, --quiet', 'only the summary, no progress'));
}

/** The terminal that the flags ask for. */
export function terminalOf({ json, quiet, verbose, color }: OutputFlags, context: CliContext): Terminal {
  return context.terminal({
    json: json ?? false,
    quiet: quiet ?? false,
    verbose: verbose ?? false,
    color: color ?? true,
  });
}
