import { createClient, ErrorReply } from 'redis';
import { redisAvailable, startRedisServer } from '../../servers/redis.ts';
import type { Client, Driver } from '../driver.ts';

type Socket = {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly timeoutMs?: number;
};

/** node-redis with Redis. */
export const redisDriver: Driver = {
  protocol: 'redis',
  missing: () => (redisAvailable() ? undefined : 'Redis is not installed: Debian package redis-server'),
  requests: true,
  operations: { ask: 'GET', write: 'INCR', commit: 'INCR' },
  code: 'LOADING',
  told(error) {
    if (!(error instanceof ErrorReply)) return undefined;
    return { code: error.message.split(' ')[0], text: error.message };
  },
  async open() {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await startRedisServer());
    const { password } = server;
    const direct = await open(server);
    stack.defer(() => direct.close());
    await direct.set('text', 'x'.repeat(1000));
    const owned = stack.move();
    return {
      address: server,
      connect: ({ host, port }, timeoutMs) => connectTo({ host, port, password, timeoutMs }),
      writes: async () => Number(await direct.get('writes')),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

async function open({ host, port, password, timeoutMs }: Socket) {
  const timeout = timeoutMs === undefined ? {} : { socketTimeout: timeoutMs };
  const client = createClient({ password, socket: { host, port, reconnectStrategy: false, ...timeout } });
  // That the connection is lost is told to the request too.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function connectTo(socket: Socket): Promise<Client> {
  const client = await open(socket);
  return {
    ask: async () => String(await client.get('text')),
    async write() {
      await client.incr('writes');
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  };
}
