import { accountOf, executable, freePort, serverDirectory, startServer } from './server-process.ts';

const SERVER = '/usr/bin/redis-server';
const USER = 'redis';

export type RedisServer = AsyncDisposable & {
  readonly host: string;
  readonly port: number;
  readonly password: string;
};

/** Whether Redis is installed (Debian: redis-server). */
export function redisAvailable(): boolean {
  return executable(SERVER) && accountOf(USER) !== undefined;
}

/** Starts a Redis of its own on loopback, which keeps nothing and demands a password. */
export async function startRedisServer(): Promise<RedisServer> {
  const account = accountOf(USER);
  if (!account) throw new Error('Redis is not installed');
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await serverDirectory('redis', account));
  const [host, port, password] = ['127.0.0.1', await freePort(), 'pass-word'];
  const options = {
    bind: host,
    port: `${port}`,
    dir: directory.path,
    requirepass: password,
    save: '',
    appendonly: 'no',
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  stack.use(await startServer({ account, command: SERVER, args, ready: { host, port } }));
  const owned = stack.move();
  return { host, port, password, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
