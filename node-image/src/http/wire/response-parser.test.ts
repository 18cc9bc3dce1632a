import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HeadCache } from './head-cache.ts';
import { DEFAULT_LIMITS } from './response-limits.ts';
import { cutAt, type Parsed, parsePieces } from './response-parser.test.fixture.ts';
import { ResponseParser } from './response-parser.ts';
import { mutated, mutations, responses } from './responses.test.fixture.ts';

function parse(text: string, method = 'GET'): Parsed {
  return parsePieces(method, [Buffer.from(text, 'latin1')]);
}

test('a well-formed response is what it says, in one piece and byte by byte', () => {
  fc.assert(
    fc.property(responses, ({ method, bytes, status, body }) => {
      const whole = Buffer.from(bytes, 'latin1');
      const expected = { kind: 'complete', status, body, rest: 0 };
      expect(parsePieces(method, [whole])).toMatchObject(expected);
      expect(
        parsePieces(
          method,
          Array.from(whole, (byte) => Buffer.from([byte])),
        ),
      ).toMatchObject(expected);
    }),
    { numRuns: 300 },
  );
});

test('where the bytes are cut changes nothing, whatever they are', () => {
  fc.assert(
    fc.property(responses, fc.option(mutations), fc.array(fc.nat(400), { maxLength: 6 }), (response, changes, cuts) => {
      const bytes = Buffer.from(changes === null ? response.bytes : mutated(response.bytes, changes), 'latin1');
      const whole = parsePieces(response.method, [bytes]);
      const cut = parsePieces(response.method, cutAt(bytes, cuts));
      // Which of two things that are wrong is found first may depend on it; that something is wrong may not.
      expect(cut.kind === 'malformed' ? cut.kind : cut).toEqual(whole.kind === 'malformed' ? whole.kind : whole);
    }),
    { numRuns: 2000 },
  );
});

test('any bytes end as a response, as the begin of one, or as a ProtocolError', () => {
  const start = fc.constantFrom('', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
  fc.assert(
    fc.property(
      start,
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.nat(250), { maxLength: 4 }),
      (start, noise, cuts) => {
        const bytes = Buffer.concat([Buffer.from(start), noise]);
        expect(['complete', 'incomplete', 'malformed']).toContain(parsePieces('GET', cutAt(bytes, cuts)).kind);
      },
    ),
    { numRuns: 2000 },
  );
});

test('a parser reads one response after the other as a new one would', () => {
  fc.assert(
    fc.property(fc.array(responses, { minLength: 1, maxLength: 5 }), fc.nat(3), (all, repeated) => {
      const heads = new HeadCache(DEFAULT_LIMITS.maxHeaders);
      let sink: ConstructorParameters<typeof ResponseParser>[2] | undefined;
      const parser = new ResponseParser(DEFAULT_LIMITS, heads, {
        onHead: (head) => sink?.onHead(head),
        onBody: (chunk) => sink?.onBody(chunk),
      });
      for (const { method, bytes } of [...all, ...Array.from({ length: repeated }, () => all[0] ?? all)].flat()) {
        const pieces = [Buffer.from(bytes, 'latin1')];
        const used = parsePieces(method, pieces, DEFAULT_LIMITS, (to) => {
          sink = to;
          return parser;
        });
        expect(used).toEqual(parsePieces(method, pieces));
      }
    }),
  );
});

test('a head that goes on where the last one ended is not taken for it, whatever their lengths', () => {
  for (let length = 0; length < 8; length += 1) {
    const short = `HTTP/1.1 204 No Content\r\na: ${'x'.repeat(length)}\r\n\r\n`;
    const long = short.replace(/\r\n$/, 'b: c\r\n\r\n');
    const parser = new ResponseParser(DEFAULT_LIMITS, new HeadCache(10), { onHead: () => {}, onBody: () => {} });
    const buffer = Buffer.alloc(200);
    const fields = [short, short, long, long, short].map((text) => {
      parser.begin('GET');
      expect(parser.execute(buffer, buffer.write(text, 'latin1'))).toBe(text.length);
      return parser.head?.fields.length;
    });
    expect(fields).toEqual([2, 2, 4, 4, 2]);
  }
});

test('what comes behind the end is not part of the response', () => {
  fc.assert(
    fc.property(
      responses.filter(({ untilClose }) => !untilClose),
      fc.string({ minLength: 1, maxLength: 30 }),
      fc.array(fc.nat(400), { maxLength: 3 }),
      ({ method, bytes, status, body }, garbage, cuts) => {
        const pieces = cutAt(Buffer.from(bytes + garbage, 'latin1'), cuts);
        const rest = Buffer.byteLength(garbage, 'latin1');
        expect(parsePieces(method, pieces)).toMatchObject({ kind: 'complete', status, body, rest });
      },
    ),
  );
});

test.each([
  ['HTTP/1.1 200 OK\r\n\r\n', true],
  ['HTTP/1.0 200 OK\r\n\r\n', false],
  ['HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n\r\n', true],
  ['HTTP/1.1 200 OK\r\nConnection: foo, Close\r\n\r\n', false],
  ['HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n', false],
])('%j keeps its connection: %s', (bytes, persistent) => {
  expect(parse(bytes, 'HEAD')).toMatchObject({ persistent });
});

test.each([
  ['ERR_HTTP_STATUS_LINE', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['ERR_HTTP_STATUS_LINE', 'HTTP/2.0 200 OK\r\n\r\n'],
  ['ERR_HTTP_STATUS_LINE', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['ERR_HTTP_STATUS_LINE', 'HTTP/1.1 200OK\r\n\r\n'],
  ['ERR_HTTP_STATUS_LINE', '\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ['ERR_HTTP_HEADER', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n'],
  ['ERR_HTTP_HEADER', 'HTTP/1.1 200 OK\r\na : space before the colon\r\n\r\n'],
  ['ERR_HTTP_HEADER', 'HTTP/1.1 200 OK\r\na: b\r\n folded\r\n\r\n'],
  ['ERR_HTTP_HEADER', 'HTTP/1.1 200 OK\r\na: b\x00\r\n\r\n'],
  ['ERR_HTTP_HEADER', 'HTTP/1.1 200 OK\r\na: b\nc: d\r\n\r\n'],
  ['ERR_HTTP_FRAMING', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\nx'],
  ['ERR_HTTP_FRAMING', 'HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\nx'],
  ['ERR_HTTP_FRAMING', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999\r\n\r\nx'],
  ['ERR_HTTP_FRAMING', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['ERR_HTTP_FRAMING', 'HTTP/1.0 102 Wait\r\n\r\n'],
  ['ERR_HTTP_CHUNK', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
  ['ERR_HTTP_CHUNK', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;a="b\r\nx\r\n0\r\n\r\n'],
  ['ERR_HTTP_CHUNK', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n'],
  ['ERR_HTTP_CHUNK', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n'],
  ['ERR_HTTP_CHUNK', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffff\r\n'],
  ['ERR_HTTP_HEADER', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\nbad trailer\r\n\r\n'],
  ['ERR_HTTP_UPGRADE', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n'],
])('%s: %j', (code, bytes) => {
  expect(parse(bytes)).toEqual({ kind: 'malformed', code });
});

const LIMITS = { maxHeaderBytes: 60, maxHeaders: 3, maxBodyBytes: 10 };

test.each([
  [
    'a head',
    'HTTP/1.1 200 OK\r\n',
    `a: ${'x'.repeat(36)}\r\n\r\n`,
    `a: ${'x'.repeat(37)}\r\n\r\n`,
    'ERR_HTTP_HEADERS_TOO_LARGE',
  ],
  [
    'headers',
    'HTTP/1.1 200 OK\r\n',
    'a:1\r\nb:2\r\nc:3\r\n\r\n',
    'a:1\r\nb:2\r\nc:3\r\nd:4\r\n\r\n',
    'ERR_HTTP_HEADERS_TOO_LARGE',
  ],
  [
    'a body with a length',
    'HTTP/1.1 200 OK\r\n',
    `content-length: 10\r\n\r\n${'x'.repeat(10)}`,
    'content-length: 11\r\n\r\n',
    'ERR_HTTP_BODY_TOO_LARGE',
  ],
  ['a body until the close', 'HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(10), 'x'.repeat(11), 'ERR_HTTP_BODY_TOO_LARGE'],
  [
    'chunks',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    '5\r\nabcde\r\n5\r\nabcde\r\n0\r\n\r\n',
    '5\r\nabcde\r\n6\r\nabcdef\r\n',
    'ERR_HTTP_BODY_TOO_LARGE',
  ],
  [
    'chunk extensions',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    `1;${'x'.repeat(58)}\r\na\r\n0\r\n\r\n`,
    `1;${'x'.repeat(61)}`,
    'ERR_HTTP_HEADERS_TOO_LARGE',
  ],
  [
    'trailers',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    `0\r\na: ${'x'.repeat(50)}\r\n\r\n`,
    `0\r\na: ${'x'.repeat(70)}`,
    'ERR_HTTP_HEADERS_TOO_LARGE',
  ],
])('the limit on %s is exact, in one piece and byte by byte', (_what, start, within, beyond, code) => {
  for (const split of [
    (bytes: Buffer) => [bytes],
    (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.from([byte])),
  ]) {
    expect(parsePieces('GET', split(Buffer.from(start + within)), LIMITS).kind).toBe('complete');
    expect(parsePieces('GET', split(Buffer.from(start + beyond)), LIMITS)).toEqual({ kind: 'malformed', code });
  }
});

test('a 100 that nobody asked for is read over (RFC 9110, section 15.2), other than by undici', () => {
  expect(parse('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n')).toMatchObject({ status: 204, rest: 0 });
});

test('headers keep their case and order in `fields`, and are found by lower-case name', () => {
  const parser = new ResponseParser(DEFAULT_LIMITS, new HeadCache(10), { onHead: () => {}, onBody: () => {} });
  parser.begin('HEAD');
  const bytes = Buffer.from(
    'HTTP/1.1 200 OK\r\nSet-Cookie: a\r\nX: \t1 2 \r\nset-cookie: b\r\nconstructor:\r\nKeep-Alive: timeout=5\r\n\r\n',
  );
  expect(parser.execute(bytes, bytes.length)).toBe(bytes.length);
  const { head } = parser;
  expect(head?.fields).toEqual([
    'Set-Cookie',
    'a',
    'X',
    '1 2',
    'set-cookie',
    'b',
    'constructor',
    '',
    'Keep-Alive',
    'timeout=5',
  ]);
  expect({ ...head?.headers }).toEqual({
    'set-cookie': ['a', 'b'],
    x: '1 2',
    constructor: '',
    'keep-alive': 'timeout=5',
  });
  expect([head?.header('set-cookie'), head?.header('nothing'), head?.keepAliveMs]).toEqual(['a', undefined, 5000]);
});
