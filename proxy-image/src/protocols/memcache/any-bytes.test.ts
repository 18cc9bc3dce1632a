import fc from 'fast-check';
import { expect, test } from 'vitest';
import { traced } from '../traced.test.support.ts';
import { MemcacheCodec } from './memcache-codec.ts';
import { packet, REQUEST, RESPONSE } from './packet.test.support.ts';

const newCodec = (): MemcacheCodec => new MemcacheCodec();

const opcode = fc.oneof(fc.constantFrom(0x00, 0x01, 0x09, 0x0a, 0x0d, 0x10, 0x11), fc.integer({ min: 0, max: 0x3f }));
const value = fc.string({ maxLength: 30 });

/** Bytes that lead deeper into the protocols than random ones do. */
const token = fc.constantFrom(
  ...[
    'get ',
    'set ',
    'cas ',
    'mg ',
    'ms ',
    'mn',
    'stats',
    'k',
    'k ',
    '0 ',
    '1',
    '1 ',
    '2',
    '-1',
    ' q',
    ' O1',
    ' noreply',
  ],
  ...[
    '\r\n',
    '\n',
    ' ',
    '\0',
    '\x80',
    'END\r\n',
    'VALUE k 0 1\r\na\r\n',
    'VA 1\r\na\r\n',
    'HD\r\n',
    'MN\r\n',
    'STAT a b\r\n',
  ],
  ...['set k 0 0 2\r\nab\r\n', 'mg k v q\r\n', 'ERROR\r\n', 'VALUE k 0 ', 'VA 9999999999\r\n'],
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
  fc.array(token, { maxLength: 60 }).map((tokens) => Buffer.from(tokens.join(''), 'latin1')),
);
const packets = (magic: number): fc.Arbitrary<Buffer> =>
  fc
    .array(fc.tuple(opcode, value), { maxLength: 6 })
    .map((all) => Buffer.concat(all.map(([each, text]) => packet(magic, each, { value: text }))));
const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });

test('any bytes are read without an exception, always forward', () => {
  const client = fc.oneof(
    bytes,
    fc.tuple(packets(REQUEST), bytes).map((both) => Buffer.concat(both)),
  );
  const backend = fc.oneof(
    bytes,
    fc.tuple(packets(RESPONSE), bytes).map((both) => Buffer.concat(both)),
  );
  fc.assert(
    fc.property(client, backend, sizes, (fromClient, fromBackend, cuts) => {
      // It throws where the codec stands still.
      traced(
        newCodec,
        [
          ['client', fromClient],
          ['backend', fromBackend],
        ],
        cuts,
      );
    }),
    { numRuns: 3000 },
  );
});

/** What a client sends, and what it gets for it; a silent command gets nothing. */
const inText = fc.oneof(
  value.map((data) => [`set k 0 0 ${data.length}\r\n${data}\r\n`, 'STORED\r\n']),
  value.map((data) => ['get a b\r\n', `VALUE a 0 ${data.length}\r\n${data}\r\nEND\r\n`]),
  value.map((data) => ['mg a v\r\n', `VA ${data.length} s1\r\n${data}\r\n`]),
  value.map((data) => ['mg a v q\r\nmn\r\n', `VA ${data.length}\r\n${data}\r\nMN\r\n`]),
  value.map((data) => ['mg a v q Oa\r\nmg b v Ob\r\n', `VA ${data.length} Oa\r\n${data}\r\nEN Ob\r\n`]),
  value.map((data) => [`set k 0 0 ${data.length} noreply\r\n${data}\r\n`, '']),
  fc.constantFrom(
    ['stats\r\n', 'STAT a b\r\nEND\r\n'],
    ['\r\n', 'ERROR\r\n'],
    ['incr n 1\n', '5\r\n'],
    ['mn\r\n', 'MN\r\n'],
  ),
);
const inPackets = fc.oneof(
  fc
    .tuple(fc.constantFrom(0x00, 0x01, 0x0a, 0x20, 0x77), value)
    .map(([each, text]) => [packet(REQUEST, each, { value: text }), packet(RESPONSE, each, { value: text })]),
  fc
    .tuple(fc.constantFrom(0x09, 0x0d, 0x11), value)
    .map(([each, text]) => [
      Buffer.concat([packet(REQUEST, each, { key: text }), packet(REQUEST, 0x0a)]),
      Buffer.concat([packet(RESPONSE, each, { value: text }), packet(RESPONSE, 0x0a)]),
    ]),
  fc.constant([packet(REQUEST, 0x10), Buffer.concat([packet(RESPONSE, 0x10, { key: 'a' }), packet(RESPONSE, 0x10)])]),
);
const side = (all: readonly (readonly (string | Buffer)[])[], i: number): Buffer =>
  Buffer.concat(all.map((both) => Buffer.from(both[i] ?? '')));

test.each([
  ['text', fc.array(inText, { maxLength: 8 })],
  ['packets', fc.array(inPackets, { maxLength: 8 })],
])('however %s is cut, the same is told of it, and everything is answered', (_, exchanges) => {
  fc.assert(
    fc.property(exchanges, sizes, (all, cuts) => {
      const [whole, cut] = [[10_000], cuts].map((some) => {
        const trace = traced(
          newCodec,
          [
            ['client', side(all, 0)],
            ['backend', side(all, 1)],
          ],
          some,
        );
        expect(trace.waiting).toBe(0);
        expect(trace.sentTo('client')).toBe(side(all, 1).toString('latin1'));
        return trace.events;
      });
      expect(cut?.filter((event) => event.endsWith('opaque'))).toEqual([]);
      expect(cut).toEqual(whole);
    }),
    { numRuns: 2000 },
  );
});
