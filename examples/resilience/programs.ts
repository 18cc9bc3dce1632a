import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Address } from '../shop/listen.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A vaurien of its own process between the cart and the prices. */
export type Proxy = AsyncDisposable & {
  /** Where the cart finds the prices, with whatever befalls them on the way. */
  readonly url: string;
  /** Where a run drives it. */
  readonly control: string;
};

/** Starts `vaurien` before `backend`. Ports that are not named are free ones. Throws when it does not start. */
export async function startProxy(backend: Address, ports: { proxy?: number; control?: number } = {}): Promise<Proxy> {
  const { proxy = 0, control = 0 } = ports;
  const args = ['--proxy', `127.0.0.1:${proxy}`, '--backend', `${backend.host}:${backend.port}`, '--protocol', 'http'];
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'proxy-image/bin/vaurien.js'),
      ...args,
      '--http',
      '--http-port',
      String(control),
      '--log-level',
      'error',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [controlUrl, address] = await said(child, [/control API on (\S+)/, /proxy 'default' on (\S+),/]);
  return {
    url: `http://${address}`,
    control: controlUrl ?? '',
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Waits until the lines of a program have said all of it, and gives what the patterns captured. Throws when it ends before. */
async function said(child: ChildProcess, patterns: readonly RegExp[]): Promise<readonly string[]> {
  if (!child.stdout) throw new Error('it has no output');
  let text = '';
  for await (const line of createInterface(child.stdout)) {
    text += `${line}\n`;
    const found = patterns.map((pattern) => pattern.exec(text)?.[1]);
    if (found.every((one) => one !== undefined)) return found;
  }
  throw new Error(`vaurien did not start:\n${text}`);
}

/** Runs `loads` in the foreground and gives its exit code. On Ctrl-C it ends by itself, and this process after it. */
export async function runLoads(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const loads = spawn(process.execPath, [join(ROOT, 'orchestrator/bin/loads.js'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  const ignore = (): void => undefined;
  const pass = (): void => void loads.kill('SIGTERM');
  process.on('SIGINT', ignore).on('SIGTERM', pass);
  const [code, signal] = (await once(loads, 'exit')) as [number, null] | [null, NodeJS.Signals];
  process.off('SIGINT', ignore).off('SIGTERM', pass);
  return signal === null ? code : 128 + constants.signals[signal];
}
