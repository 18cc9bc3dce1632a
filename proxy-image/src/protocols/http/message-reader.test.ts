import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  keepsAlive,
  mayBeRequest,
  operationOf,
  parseRequestHead,
  parseResponseHead,
  type RequestHead,
  type ResponseHead,
} from './head.ts';
import { MessageReader } from './message-reader.ts';

function requestReader(): MessageReader<RequestHead> {
  return new MessageReader<RequestHead>({ parse: parseRequestHead, mayBe: mayBeRequest });
}

function responseReader(): MessageReader<ResponseHead> {
  return new MessageReader<ResponseHead>({ parse: (text) => parseResponseHead(text, 'GET'), mayBe: () => true });
}

function parsed(text: string): RequestHead {
  const head = parseRequestHead(text);
  if (!head) throw new Error(`no head: ${text}`);
  return head;
}

/** Where each message ends, and whether the stream broke off as invalid. */
function ends(reader: MessageReader<RequestHead | ResponseHead>, chunks: readonly Buffer[]): (number | 'invalid')[] {
  const found: (number | 'invalid')[] = [];
  let offset = 0;
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const next = reader.read(chunk, at);
      if (reader.invalid) return [...found, 'invalid'];
      if (reader.complete) {
        found.push(offset + next);
        reader.next();
      } else if (next === at) throw new Error('stands still');
      at = next;
    }
    offset += chunk.length;
  }
  return found;
}

function cut(all: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.subarray(i * size, (i + 1) * size));
}

test.each([
  // Each message with a bare end; the numbers are the indexes after them.
  ['GET / HTTP/1.1\r\n\r\nGET / HTTP/1.0\n\n', [18, 34]],
  ['\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcX', [45]],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n1\r\na\r\nA;q\r\n0123456789\r\n0\r\n\r\nX', [81]],
  // Transfer-Encoding overrides Content-Length (RFC 9112, section 6.3).
  ['POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nT: 1\r\n\r\n', [77]],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab', ['invalid']],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n', ['invalid']],
  ['POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', ['invalid']],
  ['POST / HTTP/1.1\r\nContent-Length : 1\r\n\r\n', ['invalid']],
  ['POST / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n', ['invalid']],
  ['GET  / HTTP/1.1\r\n\r\n', ['invalid']],
])('finds the ends in %j, cut anywhere', (text, expected) => {
  const all = Buffer.from(text, 'latin1');
  for (const size of [1, 2, 3, 7, all.length]) expect(ends(requestReader(), cut(all, size))).toEqual(expected);
});

test('a response without a length never ends', () => {
  const all = Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(100)}`);
  expect(ends(responseReader(), [all])).toEqual([]);
});

test('a head of 64 KiB is read, a longer one is not', () => {
  const head = (bytes: number): Buffer => Buffer.from(`GET / HTTP/1.1\r\nX: ${'x'.repeat(bytes - 23)}\r\n\r\n`);
  for (const size of [1000, 100_000]) {
    expect(ends(requestReader(), cut(head(65_536), size))).toEqual([65_536]);
    expect(ends(requestReader(), cut(head(65_537), size))).toEqual(['invalid']);
  }
});

test('endless trailers and chunk extensions are given up', () => {
  const begin = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';
  const trailers = Buffer.from(`${begin}0\r\n${'T: 1\r\n'.repeat(20_000)}`);
  expect(ends(requestReader(), cut(trailers, 1000))).toEqual(['invalid']);
  const extension = Buffer.from(`${begin}1;${'x'.repeat(20_000)}`);
  expect(ends(requestReader(), cut(extension, 1000))).toEqual(['invalid']);
});

test('whatever comes, reading neither throws nor stands still', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
    fc
      .constantFrom(
        'GET / HTTP/1.1\r\n',
        'HTTP/1.1 200 OK\r\n',
        'Content-Length: 3\r\n',
        '\r\n',
        '5\r\n',
        '\r',
        '\n',
        ':',
      )
      .map((text) => Buffer.from(text)),
    fc
      .constantFrom('Transfer-Encoding: chunked\r\n', 'POST /x HTTP/1.0\r\n', '0\r\n\r\n')
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece), (chunks) => {
      ends(requestReader(), chunks);
      ends(responseReader(), chunks);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['GET /a/b?c=/d HTTP/1.1\r\n\r\n', 'GET /a/b'],
  ['GET http://host:1/a?b HTTP/1.1\r\n\r\n', 'GET /a'],
  ['GET http://host HTTP/1.1\r\n\r\n', 'GET /'],
  ['OPTIONS * HTTP/1.1\r\n\r\n', 'OPTIONS *'],
  ['CONNECT db:5432 HTTP/1.1\r\n\r\n', 'CONNECT db:5432'],
  ['GET /?q HTTP/1.1\r\n\r\n', 'GET /'],
])('the operation of %j is %j', (text, operation) => {
  expect(operationOf(parsed(text))).toBe(operation);
});

test.each([
  ['GET / HTTP/1.1\r\n\r\n', true],
  ['GET / HTTP/1.1\r\nConnection: Keep-Alive, Close\r\n\r\n', false],
  ['GET / HTTP/1.0\r\n\r\n', false],
  ['GET / HTTP/1.0\r\nCONNECTION: keep-alive\r\n\r\n', true],
])('the connection after %j stays open: %s', (text, keepAlive) => {
  expect(keepsAlive(parsed(text))).toBe(keepAlive);
});
