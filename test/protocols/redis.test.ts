import { createClient, ErrorReply } from 'redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { redisCodec } from '../../proxy-image/src/protocols/redis.ts';
import { type RedisServer, redisAvailable, startRedisServer } from '../servers/redis.ts';
import { CodecTap } from './codec-tap.ts';
import { RawClient } from './raw-client.ts';

const MIB = 2 ** 20;

describe.skipIf(!redisAvailable())('Redis', () => {
  let server: RedisServer;
  let tap: CodecTap;

  beforeAll(async () => {
    server = await startRedisServer();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    tap = await CodecTap.open(redisCodec.codec({}), server);
  });

  afterEach(async () => {
    await tap[Symbol.asyncDispose]();
    expect(tap.problems).toEqual([]);
  });

  async function connect(RESP: 2 | 3 = 3, { host, port }: { host: string; port: number } = tap.address) {
    const { password } = server;
    const client = createClient({ RESP, socket: { host, port, reconnectStrategy: false }, password, database: 1 });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** A connection that has logged in. */
  async function loggedIn(): Promise<RawClient> {
    const client = await RawClient.connect(tap.address);
    client.send(`AUTH ${server.password}\r\n`);
    await client.until('+OK\r\n');
    return client;
  }

  /** Everything was understood, and answered. */
  async function allWasFound(): Promise<void> {
    await tap.ended();
    expect({ opaque: tap.opaque, waiting: tap.waiting }).toEqual({ opaque: 0, waiting: 0 });
  }

  test.each([2, 3] as const)('the life of a RESP%i connection', async (version) => {
    const client = await connect(version);
    expect(tap.operations).toEqual([]);
    await client.set('text', 'a\r\nb');
    expect(await client.get('text')).toBe('a\r\nb');
    expect(await client.get('nothing')).toBe(null);
    await client.hSet('hash', { a: '1', b: '2' });
    expect(await client.hGetAll('hash')).toEqual({ a: '1', b: '2' });
    await client.sAdd('set', ['a', 'b']);
    expect(await client.sMembers('set')).toHaveLength(2);
    await client.zAdd('sorted', { score: 1.5, value: 'a' });
    expect(await client.zRangeWithScores('sorted', 0, -1)).toEqual([{ score: 1.5, value: 'a' }]);
    await expect(client.lPush('text', 'x')).rejects.toThrow('WRONGTYPE');
    expect(await client.sendCommand(['EVAL', 'return {1,{2,{}},false,"x"}', '0'])).toEqual([1, [2, []], null, 'x']);
    expect(await client.configGet('maxmemory')).toEqual({ maxmemory: '0' });
    await client.close();
    await allWasFound();
    expect(tap.operations).toEqual([
      ...['SET', 'GET', 'GET', 'HSET', 'HGETALL', 'SADD', 'SMEMBERS', 'ZADD', 'ZRANGE', 'LPUSH', 'EVAL', 'CONFIG GET'],
    ]);
    expect(new Set(tap.requests.filter(({ judged }) => !judged).map(({ operation }) => operation))).toEqual(
      new Set(['SELECT', 'CLIENT SETINFO', ...(version === 3 ? ['HELLO', 'CLIENT MAINT_NOTIFICATIONS'] : ['AUTH'])]),
    );
  });

  test('big values', async () => {
    const client = await connect();
    const value = 'x'.repeat(8 * MIB);
    await client.set('big', value);
    expect(await client.get('big')).toBe(value);
    await client.rPush('list', Array<string>(10_000).fill('item'));
    expect(await client.lRange('list', 0, -1)).toHaveLength(10_000);
    await client.close();
    await allWasFound();
    expect(tap.operations).toEqual(['SET', 'GET', 'RPUSH', 'LRANGE']);
  });

  test.each([2, 3] as const)('a pipeline and transactions in RESP%i', async (version) => {
    const client = await connect(version);
    const answers = await Promise.all(Array.from({ length: 500 }, (_, i) => client.incrBy('sum', i)));
    expect(answers.at(-1)).toBe((499 * 500) / 2);
    expect(await client.multi().set('a', '1').get('a').exec()).toEqual(['OK', '1']);
    await client.watch('a');
    await expect(client.multi().addCommand(['NOSUCHCOMMAND']).exec()).rejects.toThrow(ErrorReply);
    await client.close();
    await allWasFound();
    expect(tap.operations.slice(500)).toEqual(['SET', 'GET', 'EXEC', 'WATCH', 'NOSUCHCOMMAND', 'EXEC']);
    await (await connect(3, server)).del('sum');
  });

  test.each([2, 3] as const)('subscriptions in RESP%i', async (version) => {
    const [subscriber, publisher] = [await connect(version), await connect()];
    const heard: string[] = [];
    const hear = (message: string, channel: string): void => {
      heard.push(`${channel} ${message}`);
    };
    await subscriber.subscribe(['news', 'other'], hear);
    await subscriber.pSubscribe('n*', hear);
    await publisher.publish('news', 'first');
    await subscriber.ping();
    expect(heard).toEqual(['news first', 'news first']);
    await subscriber.pUnsubscribe();
    await subscriber.unsubscribe();
    expect(await subscriber.get('nothing')).toBe(null);
    expect(await publisher.publish('news', 'second')).toBe(0);
    await Promise.all([subscriber.close(), publisher.close()]);
    await allWasFound();
    expect(tap.traces[0]?.requests.filter(({ judged }) => judged).map(({ operation }) => operation)).toEqual([
      'SUBSCRIBE',
      'PSUBSCRIBE',
      'PING',
      'PUNSUBSCRIBE',
      'UNSUBSCRIBE',
      'GET',
    ]);
    expect(tap.traces[0]?.events.join('\n')).toMatch(/backend unasked/);
  });

  test('a command that is answered late, with messages before it', async () => {
    const [client, other] = [await connect(), await connect(3, server)];
    await client.sendCommand(['CLIENT', 'TRACKING', 'ON']);
    await client.get('watched');
    const popped = client.blPop('queue', 5);
    await other.set('watched', '1');
    await other.rPush('queue', 'item');
    expect(await popped).toEqual({ key: 'queue', element: 'item' });
    await Promise.all([client.close(), other.close()]);
    await allWasFound();
    expect(tap.operations).toEqual(['GET', 'BLPOP']);
  });

  test('inline commands', async () => {
    using client = await loggedIn();
    client.send('\r\nSET "a key" \'a value\'\r\nGET "a key"\r\n*0\r\nSET a "b\r\n');
    await client.until('-ERR Protocol error: unbalanced quotes in request\r\n');
    await allWasFound();
    expect(tap.operations).toEqual(['SET', 'GET', 'UNKNOWN']);
  });

  test('odd commands, one answer each', async () => {
    using client = await loggedIn();
    client.send('UNSUBSCRIBE\r\nSUBSCRIBE a a b\r\nSUBSCRIBE\r\nUNSUBSCRIBE c a\r\nPING x\r\nUNSUBSCRIBE\r\nPING\r\n');
    client.send('CLIENT REPLY ON\r\nMULTI\r\nMULTI\r\nSUBSCRIBEX\r\nEXEC\r\nEXEC\r\nSUBSCRIBE a\r\nRESET\r\n');
    client.send(
      `AUTH ${server.password}\r\nHELLO 3\r\nSUBSCRIBE a\r\nSSUBSCRIBE s\r\nGET a\r\nUNSUBSCRIBE\r\nQUIT\r\n`,
    );
    await allWasFound();
    expect(tap.requests).toHaveLength(23);
  });

  test.each([
    ['MONITOR', '+OK\r\n', '', '"SET"'],
    ['CLIENT REPLY SKIP', '', 'ECHO once\r\nECHO again\r\n', '$5\r\nagain\r\n'],
    ['PSYNC ? -1', '+FULLRESYNC', '', 'REDIS'],
  ])('%s is passed on unread', async (command, begin, next, after) => {
    using client = await loggedIn();
    const other = await connect(3, server);
    client.send('GET nothing\r\n');
    await client.until('$-1\r\n');
    client.send(`${command}\r\n`);
    await client.until(begin);
    await other.set('seen', '1');
    client.send(next);
    await client.until(after);
    expect(tap.opaque).toBe(1);
    expect(tap.operations).toEqual(['GET']);
    await other.close();
  });

  describe('with injected errors', () => {
    const injected = 'injected by vaurien f1';

    test.each(['before', 'forwarded'] as const)('a command that fails %s the server', async (point) => {
      const [client, other] = [await connect(), await connect(3, server)];
      await other.del('counter');
      tap.fault = ({ operation }) => (operation === 'INCR' ? point : undefined);
      const [get, incr, echo] = await Promise.allSettled([
        client.get('counter'),
        client.incr('counter'),
        client.echo('x'),
      ]);
      expect(get).toMatchObject({ status: 'fulfilled', value: null });
      expect(incr).toMatchObject({ status: 'rejected', reason: new ErrorReply(`ERR ${injected}`) });
      expect(echo).toMatchObject({ status: 'fulfilled', value: 'x' });
      expect(await other.get('counter')).toBe(point === 'before' ? null : '1');
      await Promise.all([client.close(), other.close()]);
      await allWasFound();
    });

    test.each(['before', 'forwarded'] as const)(
      'a transaction with a command that fails %s the server',
      async (point) => {
        const [client, other] = [await connect(), await connect(3, server)];
        await other.del(['a', 'b']);
        tap.fault = ({ operation }) => (operation === 'INCR' ? point : undefined);
        await expect(client.multi().set('a', '1').incr('b').exec()).rejects.toThrow(/EXECABORT|injected/);
        tap.fault = undefined;
        expect(await other.mGet(['a', 'b'])).toEqual([null, null]);
        // There is no transaction any more.
        expect(await client.multi().set('a', '2').get('a').exec()).toEqual(['OK', '2']);
        expect(await client.get('a')).toBe('2');
        await Promise.all([client.close(), other.close()]);
        await allWasFound();
      },
    );

    test.each(['before', 'forwarded'] as const)('EXEC that fails %s the server', async (point) => {
      const [client, other] = [await connect(), await connect(3, server)];
      await other.del('a');
      tap.fault = ({ operation }) => (operation === 'EXEC' ? point : undefined);
      await expect(client.multi().set('a', '1').exec()).rejects.toThrow(`EXECABORT`);
      tap.fault = undefined;
      expect(await other.get('a')).toBe(point === 'before' ? null : '1');
      // There is no transaction any more, and the connection goes on.
      expect(await client.multi().set('b', '2').get('b').exec()).toEqual(['OK', '2']);
      await Promise.all([client.close(), other.close()]);
      await allWasFound();
    });

    test.each([2, 3] as const)('a subscription of RESP%i that fails', async (version) => {
      const client = await connect(version);
      tap.fault = ({ operation }) => (operation === 'SUBSCRIBE' ? 'before' : undefined);
      await expect(client.subscribe('news', () => {})).rejects.toThrow(injected);
      client.destroy();
      await allWasFound();
    });
  });
});
