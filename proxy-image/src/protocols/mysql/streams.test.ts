import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CodecDriver, type Found } from './codec-driver.test.support.ts';
import { MysqlCodec } from './mysql-codec.ts';
import {
  bytes,
  client,
  DEPRECATE_EOF,
  definition,
  eof,
  err,
  greeting,
  login,
  type Message,
  MORE_RESULTS,
  ok,
  PLUGIN_AUTH,
  PROTOCOL_41,
  server,
} from './packets.test.support.ts';
import { packet } from './packets.ts';

/** A connection's life, each step by one side. */
function life(deprecateEof: boolean): Message[] {
  const flags = PROTOCOL_41 | PLUGIN_AUTH | (deprecateEof ? DEPRECATE_EOF : 0);
  const end = (sequence: number, status = 2): Message =>
    deprecateEof ? ok(sequence, status, 0xfe) : eof(sequence, status);
  const afterMetadata = (sequence: number): Message[] => (deprecateEof ? [] : [eof(sequence)]);
  return [
    ...[greeting(), login(flags), server(2, 0xfe, 'plugin\0', 'nonce'), client(3, 'scrambled'), server(4, 1, 3), ok(5)],
    ...[client(0, 3, '-- who\nSELECT a FROM t'), server(1, 1), definition(2), ...afterMetadata(3)],
    ...[
      server(4, 3, 'abc'),
      server(5, 0xfb),
      server(6, 0xfc, 0, 2, Buffer.alloc(512, 'x')),
      end(7, MORE_RESULTS),
      ok(8),
    ],
    ...[client(0, 3, `INSERT INTO t VALUES ('${'x'.repeat(3000)}')`), ok(1), client(0, 3, 'SELEKT'), err(1)],
    ...[client(0, 0x16, 'DELETE FROM t WHERE a = ?'), server(1, 0, 5, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0), definition(2)],
    ...[...afterMetadata(3), client(0, 0x17, 5, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 0, 7, 0, 0, 0), ok(1)],
    ...[
      client(0, 3, 'LOAD DATA LOCAL INFILE'),
      server(1, 0xfb, 'a.csv'),
      client(2, 'data'),
      client(3, 'more'),
      client(4),
      ok(5),
    ],
    ...[client(0, 0x18, 5, 0, 0, 0, 0, 0, 'data'), client(0, 0x19, 5, 0, 0, 0), client(0, 9), server(1, 'Uptime: 1')],
    ...[client(0, 0x11, 'other\0'), server(1, 0xfe, 'plugin\0', 'nonce'), client(2, 'scrambled'), ok(3), client(0, 1)],
  ];
}

/** What is found when the pieces of each step have these lengths, over and over. */
function found(messages: readonly Message[], lengths: readonly number[]): { found: readonly Found[]; opaque: boolean } {
  const driver = new CodecDriver(new MysqlCodec());
  let piece = 0;
  for (const [side, chunk] of messages) {
    for (let at = 0; at < chunk.length; ) {
      const length = lengths[piece++ % lengths.length] ?? 1;
      driver.feed(side, chunk.subarray(at, at + length));
      at += length;
    }
  }
  return driver;
}

const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 700 })), { minLength: 1 });

test('the same is found at the same places, wherever the bytes are cut', () => {
  for (const deprecateEof of [false, true]) {
    const messages = life(deprecateEof);
    const whole = found(messages, [1 << 20]);
    expect(whole.opaque).toBe(false);
    expect(found(messages, [1]).found).toEqual(whole.found);
    fc.assert(
      fc.property(lengths, (pieces) => {
        expect(found(messages, pieces).found).toEqual(whole.found);
      }),
    );
  }
});

test('steps of one side that follow each other may come in one chunk', () => {
  const messages = life(false);
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.[0] === message[0]) joined[joined.length - 1] = [last[0], Buffer.concat([last[1], message[1]])];
    else joined.push(message);
  }
  expect(joined.length).toBeLessThan(messages.length);
  expect(found(joined, [1 << 20]).found).toEqual(found(messages, [1 << 20]).found);
});

const anyBytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
/** Packets that have some sense, so that more is reached than the first doubt. */
const anyPacket = fc
  .tuple(fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1, 2, 3, 9, 0x11, 0x16, 0x17, 0x1c, 0xfb, 0xfe, 0xff), anyBytes)
  .map(([sequence, first, rest]) => packet(sequence, bytes(first, rest)));
const anyMessages = fc.array(
  fc.tuple(fc.constantFrom<'client' | 'server'>('client', 'server'), fc.oneof(anyBytes, anyPacket)),
);

test('no bytes make it throw or stand still', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.integer({ min: 0, max: 40 }),
      anyMessages,
      lengths,
      (form, steps, messages, pieces) => {
        // The driver checks that every step gets ahead.
        found([...life(form).slice(0, steps), ...messages], pieces);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a changed byte makes it neither throw nor stand still', () => {
  const messages = life(true);
  const arbitrary = fc.record({
    step: fc.nat(messages.length - 1),
    at: fc.nat(40),
    to: fc.integer({ min: 0, max: 255 }),
  });
  fc.assert(
    fc.property(arbitrary, lengths, ({ step, at, to }, pieces) => {
      const changed = messages.map(([side, chunk], n): Message => {
        const copy = Buffer.from(chunk);
        if (n === step) copy[at % copy.length] = to;
        return [side, copy];
      });
      found(changed, pieces);
    }),
    { numRuns: 1000 },
  );
});

test('the time for a result grows with its bytes, not faster', () => {
  const rows = Buffer.concat(Array.from({ length: 100_000 }, (_, n) => packet(n, bytes(3, 'abc'))));
  const time = (lengthOfPieces: number): number => {
    const begin = performance.now();
    const messages: Message[] = [
      ...life(false).slice(0, 6),
      client(0, 3, 'SELECT'),
      server(1, 1),
      definition(2),
      eof(3),
    ];
    expect(found([...messages, ['server', rows], eof(4)], [lengthOfPieces]).found.at(-1)?.event).toBe(
      'answered SELECT',
    );
    return performance.now() - begin;
  };
  time(65_536);
  expect(time(65_536)).toBeLessThan(2000);
  expect(time(7)).toBeLessThan(4000);
});
