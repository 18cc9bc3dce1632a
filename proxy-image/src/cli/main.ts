import { EXIT, LoadsError } from '@loads/core';
import { CommanderError } from 'commander';
import type { Environment } from '../config/config-text.ts';
import { loadSettings } from './load-settings.ts';
import { serve } from './serve.ts';
import { packageVersion } from './version.ts';

/** The command `vaurien`. `args` are those after the program's name. Gives the exit code. */
export async function main(args: readonly string[], env: Environment): Promise<number> {
  const { stdout, stderr } = process;
  // A reader such as `head` may leave: the proxies do not depend on it.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined);
  const [stop, kill] = [new AbortController(), new AbortController()];
  const onSignal = (): void => (stop.signal.aborted ? kill : stop).abort();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  try {
    const version = packageVersion();
    const settings = await loadSettings(args, env, version);
    await serve(settings, { version, stdout, stderr, stop: stop.signal, kill: kill.signal });
    return EXIT.passed;
  } catch (error) {
    return tellError(error, stderr);
  }
}

/** Says what is wrong and how to mend it, each problem on a line of its own. Gives the exit code. */
export function tellError(error: unknown, stderr: NodeJS.WritableStream): number {
  // Commander has said what is wrong; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.passed : EXIT.badConfiguration;
  if (!(error instanceof LoadsError)) {
    stderr.write(`error: ${error instanceof Error ? error.stack : String(error)}\n  this is a bug in vaurien\n`);
    return 1;
  }
  for (const line of error.message.split('\n')) stderr.write(`error: ${line}\n`);
  if (error.hint !== undefined) stderr.write(`  ${error.hint}\n`);
  return error.exitCode;
}
