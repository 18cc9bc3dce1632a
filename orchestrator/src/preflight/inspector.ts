import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCENARIO_FLAGS } from '../launch/scenario-flags.ts';

const NODE_BIN = fileURLToPath(new URL('../bin/loads-node.js', import.meta.resolve('@loads/node')));

/** A process that has the runtime of scenarios, and waits to be asked for a scenario file on its standard input. */
export type Inspector = ChildProcessWithoutNullStreams;

/**
 * Starts an inspector. It takes as long to come up as `loads` itself, so that both can do so at once; one that is never
 * asked ends with the process that started it.
 */
export function startInspector(env: NodeJS.ProcessEnv): Inspector {
  // The scenario process's own flags: code that was compiled under others is not known again.
  const args = [...SCENARIO_FLAGS, NODE_BIN, 'inspect'];
  // What `loads` compiles once for its next start, this one does as well; the scenario gets the environment of the request.
  const cache = getCompileCacheDir();
  const cached = cache === undefined ? env : { NODE_COMPILE_CACHE: dirname(cache), ...env };
  const child = spawn(process.execPath, args, { env: cached, stdio: 'pipe' });
  // Ctrl-C may have ended it: that nobody answers shows.
  child.stdin.on('error', () => undefined);
  return child;
}

/** Whether one can still be asked. */
export function isWaiting({ stdin, exitCode, signalCode }: Inspector): boolean {
  return !stdin.writableEnded && exitCode === null && signalCode === null;
}
