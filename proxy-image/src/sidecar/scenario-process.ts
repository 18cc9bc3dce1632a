import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { LoadsError, type ProcessEnd, type ScenarioCommand } from '@loads/core';

export type ScenarioPlace = {
  /** The node's folder, which gets its output. */
  readonly dir: string;
  /** Beside this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
};

/** The scenario process of a node, started by its sidecar: a parent is the only one who is told how a process ends. */
export type ScenarioProcess = {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<ProcessEnd>;
};

/**
 * Starts a scenario process in a session of its own: no signal for the sidecar reaches it, and each may outlive the
 * other. Throws ERR_NODE_START.
 */
export async function startScenario(
  { command: [file = '', ...args], directory: cwd }: ScenarioCommand,
  { dir, env }: ScenarioPlace,
): Promise<ScenarioProcess> {
  const output = await open(join(dir, 'scenario.log'), 'a');
  try {
    const stdio = ['ignore', output.fd, output.fd] as const;
    const child = spawn(file, args, { detached: true, stdio: [...stdio], env: { ...process.env, ...env }, cwd });
    const { promise: ended, resolve } = Promise.withResolvers<ProcessEnd>();
    child.once('exit', (code, signal) => resolve(signal === null ? { code: code ?? undefined } : { signal }));
    await once(child, 'spawn');
    child.unref();
    return { pid: child.pid ?? 0, ended };
  } catch (cause) {
    throw new LoadsError('ERR_NODE_START', `a process could not be started: ${String(cause)}`, { cause });
  } finally {
    await output.close();
  }
}
