import { LoadsError } from '@loads/core';
import type { Inspector } from '../preflight/inspector.ts';
import type { Terminal, TerminalOptions } from './terminal.ts';

/** What the commands get from the process, and what they give it. */
export type CliContext = {
  readonly env: NodeJS.ProcessEnv;
  /** The command line after the program's name, as the user wrote it. */
  readonly args: readonly string[];
  /** What follows `--` on the command line. */
  readonly command: readonly string[] | undefined;
  /** A process that can load a scenario file, where one was started for it. */
  readonly inspector?: Inspector | undefined;
  terminal(options: TerminalOptions): Terminal;
  /** Takes the exit code of a command that ran to its end. */
  exit(code: number): void;
};

/** Throws ERR_USAGE when something follows `--`: only `loads run` would run it. */
export function refuseCommand({ command }: CliContext, name: string): void {
  if (command) throw new LoadsError('ERR_USAGE', `\`loads ${name}\` takes no command after \`--\``);
}
