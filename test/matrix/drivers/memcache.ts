import type { Address } from '@loads/core';
import memjs from 'memjs';
import { memcacheAvailable, startMemcacheServer } from '../../servers/memcache.ts';
import type { Client, Driver } from '../driver.ts';
import { WatchedMemjsServer } from './watched-memjs-server.ts';

/** Of the binary protocol, which is what memjs speaks. */
const TEMPORARY_FAILURE = 0x0086;

/** An error of memjs, and the text that came with it. */
class MemcacheError extends Error {
  readonly said: string;

  constructor(cause: Error, said: string) {
    super(cause.message, { cause });
    this.said = said;
  }
}

/** memjs with memcached. */
export const memcacheDriver: Driver = {
  protocol: 'memcache',
  missing: () => (memcacheAvailable() ? undefined : 'memcached is not installed: Debian package memcached'),
  requests: true,
  operations: { ask: 'get', write: 'incr', commit: 'incr' },
  code: TEMPORARY_FAILURE,
  told(error) {
    if (!(error instanceof MemcacheError && error.message.endsWith('Temporary failure'))) return undefined;
    return { code: TEMPORARY_FAILURE, text: error.said };
  },
  async open() {
    const server = await startMemcacheServer();
    const direct = memjs.Client.create(`${server.host}:${server.port}`);
    await direct.set('text', 'x'.repeat(1000));
    return {
      address: server,
      connect: connectTo,
      async writes() {
        const { value } = await direct.get('writes');
        return value === null ? 0 : Number(value);
      },
      async [Symbol.asyncDispose]() {
        direct.close();
        await server[Symbol.asyncDispose]();
      },
    };
  },
};

async function connectTo({ host, port }: Address, timeoutMs: number): Promise<Client> {
  const server = new WatchedMemjsServer(host, port, undefined, undefined, { timeout: timeoutMs / 1000 });
  // It counts the first try as a retry.
  const client = new memjs.Client([server], { retries: 1, logger: { log: () => undefined } });
  const failed = (error: unknown): never => {
    throw error instanceof Error && error.message.startsWith('MemJS ') ? new MemcacheError(error, server.said) : error;
  };
  return {
    ask: async () => String((await client.get('text').catch(failed)).value),
    async write() {
      await client.increment('writes', 1, { initial: 1 }).catch(failed);
    },
    async [Symbol.asyncDispose]() {
      server.drop();
    },
  };
}
