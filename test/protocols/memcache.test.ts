import memjs from 'memjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { packet, REQUEST, RESPONSE } from '../../proxy-image/src/protocols/memcache/packet.test.support.ts';
import { memcacheCodec } from '../../proxy-image/src/protocols/memcache.ts';
import {
  type MemcacheServer,
  memcacheAvailable,
  memcacheSaslAvailable,
  startMemcacheServer,
  startSaslMemcacheServer,
} from '../servers/memcache.ts';
import { CodecTap } from './codec-tap.ts';
import { RawClient } from './raw-client.ts';

const NOOP = packet(REQUEST, 0x0a, { opaque: 99 });
const NOOP_DONE = packet(RESPONSE, 0x0a, { opaque: 99 }).toString('latin1');
const SILENT = { log: () => {} };

describe.skipIf(!memcacheAvailable())('memcached', () => {
  let server: MemcacheServer;
  let tap: CodecTap;

  beforeAll(async () => {
    server = await startMemcacheServer();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    using client = await RawClient.connect(server);
    client.send('flush_all\r\n');
    await client.until('OK\r\n');
    tap = await CodecTap.open(memcacheCodec.codec({}), server);
  });

  afterEach(async () => {
    await tap[Symbol.asyncDispose]();
    expect(tap.problems).toEqual([]);
  });

  function binaryClient({ host, port }: { host: string; port: number } = tap.address, login = ''): memjs.Client {
    return memjs.Client.create(`${login}${host}:${port}`, { retries: 0, timeout: 5, logger: SILENT });
  }

  /** Everything was understood, and answered. */
  async function allWasFound(): Promise<void> {
    await tap.ended();
    expect({ opaque: tap.opaque, waiting: tap.waiting }).toEqual({ opaque: 0, waiting: 0 });
  }

  /** What the server says to lines of text, up to a closing line. */
  async function ask(...lines: readonly string[]): Promise<string[]> {
    using client = await RawClient.connect(tap.address);
    client.send(lines.map((line) => `${line}\r\n`).join(''));
    client.send('version\r\nquit\r\n');
    const said = await client.until('VERSION');
    await allWasFound();
    return said.split('\r\n').slice(0, -1);
  }

  test('the life of a binary connection', async () => {
    const client = binaryClient();
    expect(await client.set('a', 'first', {})).toBe(true);
    expect((await client.get('a')).value?.toString()).toBe('first');
    expect((await client.get('nothing')).value).toBe(null);
    expect(await client.add('a', 'x', {})).toBe(false);
    expect(await client.replace('a', 'second', {})).toBe(true);
    expect(await client.append('a', '!')).toBe(true);
    expect((await client.increment('n', 5, { initial: 7 })).value).toBe(7);
    expect((await client.decrement('n', 2, {})).value).toBe(5);
    await expect(client.increment('a', 1, {})).rejects.toThrow();
    expect(await client.touch('a', 60)).toBe(true);
    expect(await client.delete('a')).toBe(true);
    const stats = await new Promise<Record<string, string> | null>((resolve, reject) => {
      client.stats((error, _, found) => (error ? reject(error) : resolve(found)));
    });
    expect(stats).toHaveProperty('curr_connections');
    await client.flush();
    client.quit();
    await allWasFound();
    expect(tap.operations).toEqual([
      ...['set', 'get', 'get', 'add', 'replace', 'append', 'incr', 'decr', 'incr', 'touch', 'delete'],
      ...['stats', 'flush_all'],
    ]);
  });

  test('big binary values, and too big ones', async () => {
    const client = binaryClient();
    const value = 'x'.repeat(1_000_000);
    await client.set('big', value, {});
    expect((await client.get('big')).value?.toString()).toBe(value);
    await expect(client.set('big', value.repeat(2), {})).rejects.toThrow();
    client.quit();
    await allWasFound();
    expect(tap.operations).toEqual(['set', 'get', 'set']);
  });

  test('a binary pipeline', async () => {
    const client = binaryClient();
    await client.set('n', '0', {});
    const answers = await Promise.all(Array.from({ length: 200 }, () => client.increment('n', 1, {})));
    expect(answers.map(({ value }) => value)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    client.quit();
    await allWasFound();
    expect(tap.operations).toHaveLength(201);
  });

  test.skipIf(!memcacheSaslAvailable())('logging in', async () => {
    await using locked = await startSaslMemcacheServer();
    await using door = await CodecTap.open(memcacheCodec.codec({}), locked);
    const client = binaryClient(door.address, `${locked.user}:${locked.password}@`);
    await client.set('a', 'x', {});
    client.quit();
    const stranger = binaryClient(door.address, `${locked.user}:wrong@`);
    await expect(stranger.get('a')).rejects.toThrow('authentication failed');
    stranger.close();
    await door.ended();
    expect({ operations: door.operations, opaque: door.opaque, waiting: door.waiting }).toEqual({
      ...{ operations: ['set'], opaque: 0, waiting: 0 },
    });
    expect(door.requests.map(({ operation }) => operation)).toContain('sasl_auth');
  });

  test('quiet binary commands', async () => {
    using client = await RawClient.connect(tap.address);
    const extras = '\0'.repeat(8);
    client.send(packet(REQUEST, 0x11, { key: 'a', extras, value: '1' }));
    client.send(packet(REQUEST, 0x12, { key: 'a', extras, value: '2' }));
    for (const key of ['a', 'b', 'a']) client.send(packet(REQUEST, 0x0d, { key }));
    client.send(NOOP);
    const batch = await client.until(NOOP_DONE);
    // ADDQ fails, and `a` is found twice.
    expect(batch.split('\x81\x0d')).toHaveLength(3);
    expect(batch.split('\x81\x12')).toHaveLength(2);
    client
      .send(packet(REQUEST, 0x09, { key: 'b' }))
      .send(packet(REQUEST, 0x00, { key: 'a' }))
      .send(NOOP);
    await client.until(NOOP_DONE);
    client.send(packet(REQUEST, 0x17));
    await allWasFound();
    expect(tap.operations).toEqual([...['setq', 'addq', 'getkq', 'getkq', 'getkq', 'noop', 'getq', 'get', 'noop']]);
  });

  test('text', async () => {
    expect(
      await ask(
        'set a 5 0 3',
        'a\r\n',
        'set b 0 0 1 noreply',
        '1',
        'get a b c',
        'gets b',
        'add a 0 0 1',
        'x',
        'incr b 4',
      ),
    ).toEqual([
      ...['STORED', 'VALUE a 5 3', 'a', '', 'VALUE b 0 1', '1', 'END'],
      ...[expect.stringMatching(/^VALUE b 0 1 \d+$/), '1', 'END', 'NOT_STORED', '5'],
    ]);
    expect(tap.operations).toEqual(['set', 'set', 'get', 'gets', 'add', 'incr', 'version']);
  });

  test('more text', async () => {
    expect(
      await ask(
        ...['cas a 0 0 1 1', 'x', 'append a 0 0 1', 'x', 'delete a', 'touch a 0', 'gat 0 a', 'verbosity 0', 'decr a 1'],
        ...[
          'flush_all',
          'stats reset',
          'stats detail on',
          'stats detail dump',
          'stats detail off',
          'shutdown',
          'nope',
          '',
        ],
      ),
    ).toEqual([
      ...[
        'NOT_FOUND',
        'NOT_STORED',
        'NOT_FOUND',
        'NOT_FOUND',
        'END',
        'OK',
        'NOT_FOUND',
        'OK',
        'RESET',
        'OK',
        'END',
        'OK',
      ],
      ...['ERROR: shutdown not enabled', 'ERROR', 'ERROR'],
    ]);
    expect(tap.operations.slice(-4)).toEqual(['shutdown', 'unknown', 'unknown', 'version']);
  });

  test('text that the server refuses', async () => {
    const big = 'x'.repeat(2_000_000);
    const bad = 'CLIENT_ERROR bad command line format';
    expect(
      await ask(
        `get ${'k'.repeat(251)}`,
        ...['set k 0 0 abc noreply', 'set k x 0 2', 'set k 0 0 -1', 'set k 0 0 1 a b', `set ${'k'.repeat(251)} 0 0 2`],
        ...['set k 0 0 2', 'abcd', `set k 0 0 ${big.length}`, big, `set k 0 0 ${big.length} noreply`, big, 'incr n x'],
        ...['get', `get ${'k'.repeat(100)}${' key'.repeat(3000)}`],
      ),
    ).toEqual([
      ...[
        bad,
        bad,
        bad,
        'ERROR',
        bad,
        'CLIENT_ERROR bad data chunk',
        'ERROR',
        'SERVER_ERROR object too large for cache',
      ],
      ...['CLIENT_ERROR invalid numeric delta argument', 'ERROR', 'END'],
    ]);
  });

  test('statistics and dumps', async () => {
    expect(await ask('set a 0 0 1', 'x', 'stats', 'stats items', 'stats slabs', 'stats settings')).toContain('END');
    tap.traces.splice(0);
    using client = await RawClient.connect(tap.address);
    client.send('lru_crawler metadump all\r\n');
    expect(await client.until('END\r\n')).toMatch(/^key=a /m);
    client.send('version\r\nquit\r\n');
    await allWasFound();
    expect(tap.operations).toEqual(['lru_crawler', 'version']);
  });

  test('meta commands', async () => {
    expect(
      await ask(
        ...[
          'mg a v',
          'ms a 2',
          'xx',
          'mg a v k s',
          'me nothing',
          'ms n 1 T0',
          '5',
          'ma n v',
          'md n q',
          'md n O1',
          'mn',
        ],
        ...[
          'mg a v q',
          'mg b v q',
          'ms a 1 ME',
          'x',
          'ms a 1 ME q',
          'x',
          'mn',
          'mg b v q O1',
          'mg a v q O2',
          'mg a v O3',
        ],
        ...['ms a x', 'ms a 1 bad', 'x'],
      ),
    ).toEqual([
      ...['EN', 'HD', 'VA 2 ka s2', 'xx', 'EN', 'HD', 'VA 1', '6', 'NF O1', 'MN'],
      ...['VA 2', 'xx', 'NS', 'NS', 'MN', 'VA 2 O2', 'xx', 'VA 2 O3', 'xx'],
      ...['CLIENT_ERROR bad command line format', expect.stringMatching(/^CLIENT_ERROR/)],
    ]);
  });

  test('a log is passed on unread', async () => {
    using client = await RawClient.connect(tap.address);
    client.send('version\r\n');
    await client.until('\r\n');
    client.send('watch fetchers\r\n');
    await client.until('OK\r\n');
    expect(tap.opaque).toBe(1);
  });

  describe('with injected errors', () => {
    test.each(['before', 'forwarded'] as const)('text that fails %s the server', async (point) => {
      tap.fault = ({ operation }) => (operation === 'set' ? point : undefined);
      expect(await ask('set a 0 0 5', 'get b', 'get a')).toEqual([
        'SERVER_ERROR injected by vaurien f1',
        ...(point === 'before' ? ['END'] : ['VALUE a 0 5', 'get b', 'END']),
      ]);
    });

    test.each(['before', 'forwarded'] as const)('a packet that fails %s the server', async (point) => {
      const client = binaryClient();
      tap.fault = ({ operation }) => (operation === 'set' ? point : undefined);
      await expect(client.set('a', 'x', {})).rejects.toThrow();
      expect((await client.get('a')).value?.toString()).toBe(point === 'before' ? undefined : 'x');
      client.quit();
      await allWasFound();
    });

    test('a quiet packet is told its error', async () => {
      using client = await RawClient.connect(tap.address);
      tap.fault = ({ operation }) => (operation === 'getq' ? 'before' : undefined);
      client.send(packet(REQUEST, 0x09, { key: 'a', opaque: 7 })).send(NOOP);
      const said = await client.until(NOOP_DONE);
      expect(said).toContain(
        packet(RESPONSE, 0x09, { status: 0x84, opaque: 7, value: 'injected by vaurien f1' }).toString('latin1'),
      );
    });

    test('a quiet line is lost in silence', async () => {
      tap.fault = ({ operation }) => (operation === 'ms' ? 'before' : undefined);
      expect(await ask('ms a 2 q', 'xx', 'mn', 'mg a v')).toEqual(['MN', 'EN']);
    });

    test('the end of a batch ends the connection', async () => {
      using client = await RawClient.connect(tap.address);
      tap.fault = ({ operation }) => (operation === 'mn' ? 'before' : undefined);
      client.send('ms a 2 q\r\nxx\r\nmg a v q\r\nmn\r\n');
      await client.until('SERVER_ERROR injected by vaurien f1\r\n');
      await tap.ended();
    });
  });
});
