import { LoadsError } from '@loads/core';
import type { Terminal, TerminalOptions } from './terminal.ts';

/** What the commands get from the process, and what they give it. */
export type CliContext = {
  readonly env: NodeJS.ProcessEnv;
  /** What follows `--` on the command line. */
  readonly command: readonly string[] | undefined;
  terminal(options: TerminalOptions): Terminal;
  /** Takes the exit code of a command that ran to its end. */
  exit(code: number): void;
};

/** Throws ERR_USAGE when something follows `--`: only `loads run` would run it. */
export function refuseCommand({ command }: CliContext, name: string): void {
  if (command) throw new LoadsError('ERR_USAGE', `\`loads ${name}\` takes no command after \`--\``);
}
