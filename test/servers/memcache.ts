import { once } from 'node:events';
import { globSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { accountOf, executable, freePort, serverDirectory, startServer } from './server-process.ts';

const SERVER = '/usr/bin/memcached';
const USER = 'memcache';

export type MemcacheServer = AsyncDisposable & { readonly host: string; readonly port: number };

export type SaslMemcacheServer = MemcacheServer & { readonly user: string; readonly password: string };

/** Whether memcached is installed (Debian: memcached). */
export function memcacheAvailable(): boolean {
  return executable(SERVER) && accountOf(USER) !== undefined;
}

/** Whether it can check passwords (Debian: libsasl2-modules). */
export function memcacheSaslAvailable(): boolean {
  return memcacheAvailable() && globSync('/usr/lib/*/sasl2/libplain.so').length > 0;
}

/** Starts a memcached of its own on loopback, which speaks all protocols. */
export async function startMemcacheServer(): Promise<MemcacheServer> {
  const address = { host: '127.0.0.1', port: await freePort() };
  const server = await start(address, [SERVER]);
  return { ...address, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Starts a memcached of its own on loopback, which speaks the binary protocol to who logs in. */
export async function startSaslMemcacheServer(): Promise<SaslMemcacheServer> {
  const [user, password, address] = ['loads', 'pass-word', { host: '127.0.0.1', port: await freePort() }];
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await serverDirectory('memcache', accountOf(USER) ?? {}));
  const checker = join(directory.path, 'checker');
  const config = `mech_list: plain\npwcheck_method: saslauthd\nsaslauthd_path: ${checker}\n`;
  await writeFile(join(directory.path, 'memcached.conf'), config, { mode: 0o644 });
  const passwords = passwordChecker(user, password).listen(checker);
  stack.defer(async () => {
    passwords.close();
    await once(passwords, 'close');
  });
  await once(passwords, 'listening');
  await chmod(checker, 0o777);
  stack.use(await start(address, ['/usr/bin/env', `SASL_CONF_PATH=${directory.path}`, SERVER, '-S']));
  const owned = stack.move();
  return { ...address, user, password, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function start(
  address: { readonly host: string; readonly port: number },
  [command = '', ...args]: readonly string[],
): Promise<AsyncDisposable> {
  const account = accountOf(USER);
  if (!account) throw new Error('memcached is not installed');
  const options = [...args, '-l', address.host, '-p', `${address.port}`, '-U', '0', '-m', '16', '-t', '1'];
  return startServer({ account, command, args: options, ready: address });
}

/** What `saslauthd` is to the server: it gets a name and a password, each after its length, and says OK or NO. */
function passwordChecker(user: string, password: string): Server {
  return createServer((socket) => {
    let asked = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      asked = Buffer.concat([asked, chunk]);
      const [name, secret, service, realm] = counted(asked);
      if (service === undefined || realm === undefined) return;
      socket.end(name === user && secret === password ? '\0\x02OK' : '\0\x02NO');
    });
  });
}

function counted(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) break;
    found.push(bytes.toString('utf8', at + 2, end));
    at = end;
  }
  return found;
}
