import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './until.ts';
import type { Workspace } from './workspace.ts';

const BIN = join(import.meta.dirname, '../../orchestrator/bin/loads.js');

export type Outcome = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start to the end of the process. */
  readonly tookMs: number;
};

/** The command `loads` while it runs. */
export type RunningLoads = AsyncDisposable & {
  readonly pid: number;
  /** What it has written so far. */
  readonly stdout: string;
  readonly ended: Promise<Outcome>;
  /** Waits until its output so far matches. Throws when it ends, or 30 s pass, without. */
  shows(pattern: RegExp): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Closes the pipe of its output, as `head` does. */
  stopReading(): void;
  /** What a terminal does on Ctrl-C: SIGINT for the whole foreground process group. */
  ctrlC(): void;
};

/** Starts `loads ARGS` in a workspace, as the leader of a process group. Its output is no terminal. */
export function startLoads(
  workspace: Workspace,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningLoads {
  const begunMs = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: workspace.path,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let [stdout, stderr] = ['', ''];
  let exitCode: number | null | undefined;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]): Outcome => {
    exitCode = code ?? null;
    return { exitCode, stdout, stderr, tookMs: performance.now() - begunMs };
  });
  const pid = child.pid ?? 0;
  return {
    pid,
    get stdout() {
      return stdout;
    },
    ended,
    async shows(pattern) {
      const matches = (): boolean => pattern.test(stdout) || pattern.test(stderr);
      await until(() => matches() || exitCode !== undefined, `loads does not show ${pattern}`);
      if (!matches()) throw new Error(`loads ended with ${exitCode}, without ${pattern}:\n${stdout}${stderr}`);
    },
    kill: (signal) => void child.kill(signal),
    stopReading: () => void child.stdout.destroy(),
    ctrlC: () => void process.kill(-pid, 'SIGINT'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs `loads ARGS` to its end. */
export async function runLoads(
  workspace: Workspace,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  await using loads = startLoads(workspace, args, env);
  return await loads.ended;
}

/** This process's environment without what would change the output or the plan. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const unwanted = /^(LOADS_(?!MAX_LAG$)|NO_COLOR$|FORCE_COLOR$|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.test(name)));
}
