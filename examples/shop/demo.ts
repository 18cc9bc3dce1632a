import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { type Address, PortInUse } from './listen.ts';
import { type Shop, startShop } from './service.ts';
import { type Stock, startStock } from './stock.ts';

// What `npm run demo` does: starts the shop, runs `loads` against it, and exits with the exit code of `loads`.
await using stock: Stock = await onPort(7070, (port) => startStock({ port }));
await using shop: Shop = await onPort(8080, (port) => startShop({ port, stock: stock.address }));
// It is to show a verdict on any machine, also on one that stands still for a moment: what is measured here is no service of anybody's.
const args = ['run', 'examples/shop/loads.yml', '-t', shop.url, '--max-lag', '500ms', ...process.argv.slice(2)];
process.exitCode = await runLoads(args);

/** Starts a server on its usual port, or on any free one when that is taken. */
async function onPort<T extends { readonly address: Address }>(
  port: number,
  start: (port: number) => Promise<T>,
): Promise<T> {
  try {
    return await start(port);
  } catch (error) {
    if (!(error instanceof PortInUse)) throw error;
    const started = await start(0);
    console.log(`${error.message}, the demo takes ${started.address.port}`);
    return started;
  }
}

/** Runs `loads` in the foreground and gives its exit code. Signals end `loads`, never this process before it. */
async function runLoads(args: string[]): Promise<number> {
  const cwd = join(import.meta.dirname, '../..');
  const terminal = hasTerminal();
  const loads = spawn(process.execPath, ['orchestrator/bin/loads.js', ...args], { cwd, stdio: 'inherit' });
  // On Ctrl-C the terminal signals `loads` too; passed on as well, the first would be taken for the second.
  process.on('SIGINT', () => {
    if (!terminal) loads.kill('SIGINT');
  });
  process.on('SIGTERM', () => loads.kill('SIGTERM'));
  const [code, signal] = (await once(loads, 'exit')) as [number, null] | [null, NodeJS.Signals];
  return signal === null ? code : 128 + constants.signals[signal];
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    // Opening it fails exactly when no terminal controls this process.
    return false;
  }
}
