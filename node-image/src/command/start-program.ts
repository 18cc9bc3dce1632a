import { type ChildProcess, spawn } from 'node:child_process';
import type { ProgramEnd } from './exit-code.ts';
import { markLines } from './marked-lines.ts';

export type ProgramSpec = {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Begins its lines where several programs write; undefined: it writes to this process's output itself. */
  readonly mark?: string | undefined;
};

/** A foreign program that has been started. */
export type Program = {
  /** Resolves when it has ended, or could not be started. */
  readonly ended: Promise<ProgramEnd>;
  /** Resolves when all that it wrote is in this process's output. */
  readonly written: Promise<void>;
  kill(signal: NodeJS.Signals): void;
};

/** Starts a program in this process's group, without a shell. Its input is empty. */
export function startProgram({ command, env, mark }: ProgramSpec): Program {
  const [file = '', ...args] = command;
  const output = mark === undefined ? 'inherit' : 'pipe';
  const child = spawn(file, args, { env, stdio: ['ignore', output, output] });
  // Not `once(child, 'exit')`: that would throw the error of a program that cannot be started.
  const { promise: ended, resolve } = Promise.withResolvers<ProgramEnd>();
  child.once('exit', (code, signal) => resolve(code ?? signal ?? 1)).once('error', resolve);
  return {
    ended,
    written: mark === undefined ? Promise.resolve() : copied(child, mark),
    kill: (signal) => void child.kill(signal),
  };
}

async function copied({ stdout, stderr }: ChildProcess, mark: string): Promise<void> {
  await Promise.all([
    stdout && markLines(stdout, `${mark}: `, (text) => process.stdout.write(text)),
    stderr && markLines(stderr, `${mark} (stderr): `, (text) => process.stderr.write(text)),
  ]);
}
