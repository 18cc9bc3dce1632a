import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** What takes longer hangs: it is killed before its test gives up, so that nothing is left behind. */
const LONGEST_MS = 15_000;

/**
 * Runs a module in a Node process that leads a process group of its own, with this package's source as it stands: for
 * what must not run in the process of the tests. `started` gets the process at once.
 */
export async function runModule(
  source: string,
  args: readonly string[] = [],
  started: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const options = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--input-type=module', '--eval', source, '--'];
  const child = spawn(process.execPath, [...options, ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('Node cannot be started');
  const timer = setTimeout(() => process.kill(-pid, 'SIGKILL'), LONGEST_MS);
  started(child);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  clearTimeout(timer);
  return { code, stdout, stderr };
}
