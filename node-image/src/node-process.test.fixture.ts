import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/**
 * Runs a module of its own in a Node process that leads a process group of its own, with this package's source as it
 * stands: for what must not run in the process of the tests. `started` gets the process at once.
 */
export async function runModule(
  source: string,
  args: readonly string[] = [],
  started: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const options = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--input-type=module', '--eval', source, '--'];
  const child = spawn(process.execPath, [...options, ...args], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  started(child);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}
