import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { formatAddress, NODE_FILES } from '@loads/core';
import { loadSettings } from '../cli/load-settings.ts';
import { packageVersion } from '../cli/version.ts';

/** A running sidecar writes its state every second. */
const STALE_MS = 10_000;
const ANSWER_MS = 2000;

type Program = { readonly name: string; readonly args: readonly string[]; readonly env: Readonly<NodeJS.ProcessEnv> };

/**
 * The health check of the image: finds the program that runs here, by `proc` (/proc), and asks it. Gives the exit code
 * that a container engine expects, 0 or 1, and says on `stderr` what is wrong.
 */
export async function checkHealth(proc: string, stderr: Pick<NodeJS.WriteStream, 'write'>): Promise<number> {
  try {
    const program = await findProgram(proc);
    if (!program) throw new Error('neither vaurien nor loads-sidecar runs here');
    await (program.name === 'vaurien' ? askProxy(program) : askSidecar(program.args[1] ?? program.args[0] ?? '.'));
    return 0;
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function findProgram(proc: string): Promise<Program | undefined> {
  for (const pid of (await readdir(proc)).filter((name) => /^\d+$/.test(name))) {
    const [words, variables] = await Promise.all([list(join(proc, pid, 'cmdline')), list(join(proc, pid, 'environ'))]);
    // After node and its own flags: the first process of the container may be an init with the same words.
    const at = words.findIndex((word) => ['vaurien', 'loads-sidecar'].includes(basename(word)));
    const name = basename(words[at] ?? '');
    if (at < 1 || basename(words[0] ?? '') !== 'node') continue;
    const env = Object.fromEntries(variables.map((line) => line.split(/=(.*)/s, 2)));
    return { name, args: words.slice(at + 1), env };
  }
  return undefined;
}

/** The words of a file of /proc, which end with NUL; none when the process has gone, or is another user's. */
async function list(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\0').slice(0, -1);
}

/** Without a control API there is nothing to ask, and a proxy that runs is well. */
async function askProxy({ args, env }: Program): Promise<void> {
  const { process } = await loadSettings(args, env, packageVersion());
  if (!process.http) return;
  const host = process.http_host.replace(/^(0\.0\.0\.0|::)$/, 'localhost');
  const url = `http://${formatAddress({ host, port: process.http_port })}/health`;
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
}

/** A sidecar is well when it is ready, and, once the run has begun, wrote its state lately. */
async function askSidecar(dir: string): Promise<void> {
  const [ready, live] = await Promise.all([changedAt(dir, NODE_FILES.sidecar), changedAt(dir, NODE_FILES.live)]);
  if (ready === undefined) throw new Error(`there is no ${NODE_FILES.sidecar} in ${dir} yet`);
  if (live === undefined) return;
  const ageMs = Date.now() - live;
  if (ageMs > STALE_MS) throw new Error(`${NODE_FILES.live} is ${Math.round(ageMs / 1000)} s old`);
}

async function changedAt(dir: string, name: string): Promise<number | undefined> {
  return stat(join(dir, name)).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
