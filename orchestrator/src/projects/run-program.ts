import { spawn } from 'node:child_process';

export type ProgramOptions = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Takes each line that the program writes to stderr or stdout. */
  readonly onLine?: ((line: string) => void) | undefined;
};

/** How a program ended, and the last lines of what it wrote. */
export type ProgramEnd = { readonly code: number | null; readonly output: readonly string[] };

const LAST_LINES = 20;
const LONGEST_LINE = 500;

/**
 * Runs a program without a shell, in a session of its own: it has no terminal to ask at, and when the signal aborts all
 * that it started ends with it. Rejects with the signal's reason, or with why it could not be started.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, signal, onLine }: ProgramOptions,
): Promise<ProgramEnd> {
  signal.throwIfAborted();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  const output: string[] = [];
  const take = (line: string): void => {
    const clean = printable(line);
    if (clean.trim() === '') return;
    output.push(clean);
    if (output.length > LAST_LINES) output.shift();
    onLine?.(clean);
  };
  child.stdout.on('data', linesInto(take));
  child.stderr.on('data', linesInto(take));
  const end = (): void => killGroup(child.pid);
  signal.addEventListener('abort', end, { once: true });
  try {
    const code = await ended;
    signal.throwIfAborted();
    return { code, output };
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Cuts chunks into lines; progress that overwrites a line counts as lines. */
function linesInto(take: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) take(line.slice(0, LONGEST_LINE));
  };
}

/** What a server says is shown, but does not get to draw on the terminal. */
function printable(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return line.replaceAll(/\u001b\[[\d;]*[A-Za-z]|[\u0000-\u001f\u007f-\u009f]/g, '');
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
