import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../support/until.ts';

/** Whom a process runs as; nothing when this process may not choose. */
export type Account = { readonly uid?: number; readonly gid?: number };

/** The account with this name, for servers that refuse to run as root. Undefined when there is none and one is needed. */
export function accountOf(name: string): Account | undefined {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8').match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'));
  return line ? { uid: Number(line[1]), gid: Number(line[2]) } : undefined;
}

/** Whether all of these are programs that may be run. */
export function executable(...paths: readonly string[]): boolean {
  return paths.every((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export type ServerDirectory = AsyncDisposable & { readonly path: string };

/** Makes a directory of the account's own, which goes with all that is in it. */
export async function serverDirectory(name: string, { uid, gid }: Account): Promise<ServerDirectory> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`));
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Runs a program to its end. Throws with what it said when it fails. */
export async function runAs(account: Account, command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { ...account, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${Buffer.concat(output)}`);
}

/** Starts a server, and waits until it says on its standard error that it is ready, or takes connections. Disposing ends it. */
export async function startServer(server: {
  readonly account: Account;
  readonly command: string;
  readonly args: readonly string[];
  readonly ready: RegExp | { readonly host: string; readonly port: number };
  /** For a server whose data is wanted after its end; without it, it ends as fast as it can. */
  readonly endWith?: NodeJS.Signals;
}): Promise<AsyncDisposable> {
  const { command, args, account, ready, endWith = 'SIGQUIT' } = server;
  const child = spawn(command, args, { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
  const log: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  createInterface({ input: child.stderr })
    .on('line', (line) => {
      log.push(line);
      if (ready instanceof RegExp && ready.test(line)) resolve();
    })
    .on('close', () => reject(new Error(`${command} did not start:\n${log.join('\n')}`)));
  const starting = ready instanceof RegExp ? promise : Promise.race([promise, takesConnections(ready)]);
  try {
    await starting;
  } catch (error) {
    await end(child, endWith);
    throw error;
  }
  return { [Symbol.asyncDispose]: () => end(child, endWith) };
}

async function takesConnections(address: { readonly host: string; readonly port: number }): Promise<void> {
  const taken = async (): Promise<boolean> => {
    const socket = connect(address);
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return connected;
  };
  await until(taken, 'takes no connections');
}

/** A port of the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}
