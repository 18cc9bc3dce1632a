import type { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import type { Terminal } from './terminal.ts';

/** `verbose` is how often it was given. */
export type OutputFlags = { quiet?: boolean; verbose?: number; json?: boolean; color?: boolean };

/** Adds the flags that say how a command writes. */
export function addOutputOptions(command: Command, verbose = 'stack traces and details'): Command {
  return command
    .option('-v, --verbose', verbose, (_, times: number | undefined) => (times ?? 0) + 1)
    .option('--json', 'JSON lines instead of text')
    .option('--no-color', 'no colours (also NO_COLOR)');
}

/** Adds them, and `-q`, to a command that shows how a run goes. */
export function addProgressOptions(command: Command, verbose?: string): Command {
  return addOutputOptions(command.option('-q, --quiet', 'only the summary, no progress'), verbose);
}

/** The terminal that the flags ask for. */
export function terminalOf({ json, quiet, verbose, color }: OutputFlags, context: CliContext): Terminal {
  return context.terminal({
    json: json ?? false,
    quiet: quiet ?? false,
    verbose: (verbose ?? 0) > 0,
    color: color ?? true,
  });
}
