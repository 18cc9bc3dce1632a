import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dial, type Peer, rule, startBackend, startTestProxy } from '../../proxy/peers.test.support.ts';

type Exchange = { readonly request: string; readonly response: string };

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array).toString('latin1'));
const newline = fc.constantFrom('\r\n', '\n');
const fields = fc
  .array(fc.constantFrom('Host: x', 'X-Long: y', 'content-type: text/plain', 'Accept:', 'Connection: keep-alive'))
  .map((lines) => lines.map((line) => `${line}\r\n`).join(''));

/** The fields that frame a body, and the body in that framing. */
const framed = fc.oneof(
  bytes.map((body) => `Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`),
  fc
    .record({ chunks: fc.array(bytes), trailers: fields, extension: fc.constantFrom('', ';a=b', ' ; c') })
    .map(({ chunks, trailers, extension }) => {
      const parts = chunks.filter((chunk) => chunk !== '');
      const sized = parts.map((chunk) => `${chunk.length.toString(16)}${extension}\r\n${chunk}\r\n`);
      return `transfer-encoding: chunked\r\n\r\n${sized.join('')}0\r\n${trailers}\r\n`;
    }),
);

const withBody = fc
  .record({ method: fc.constantFrom('POST', 'PUT', 'PATCH'), head: fields, body: framed })
  .map(({ method, head, body }) => `${method} /a/b?c=d HTTP/1.1\r\n${head}${body}`);
const withoutBody = fc
  .record({ lead: fc.constantFrom('', '\r\n'), head: fields, end: newline })
  .map(({ lead, head, end }) => `${lead}GET / HTTP/1.1${end}${head}${end}`);
const interim = fc.constantFrom('', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
const response = fc.oneof(
  fc
    .record({ interim, head: fields, body: framed })
    .map((one) => `${one.interim}HTTP/1.1 200 OK\r\n${one.head}${one.body}`),
  fields.map((head) => `HTTP/1.1 304 Not Modified\r\n${head}Content-Length: 99\r\n\r\n`),
);
const ordinary: fc.Arbitrary<Exchange> = fc.record({ request: fc.oneof(withBody, withoutBody), response });
const head: fc.Arbitrary<Exchange> = fields.map((lines) => ({
  request: `HEAD / HTTP/1.1\r\n${lines}\r\n`,
  response: `HTTP/1.1 200 OK\r\n${lines}Transfer-Encoding: chunked\r\n\r\n`,
}));
const exchanges = fc.array(fc.oneof({ arbitrary: ordinary, weight: 5 }, head), { minLength: 1, maxLength: 6 });
const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 });

/** Sends a text in pieces of the given sizes, over and over, each in a turn of its own. */
async function sendCut(peer: Peer, text: string, pieces: readonly number[]): Promise<void> {
  const all = Buffer.from(text, 'latin1');
  for (let at = 0, i = 0; at < all.length; i++) {
    const size = pieces[i % pieces.length] ?? 1;
    peer.send(all.subarray(at, at + size));
    at += size;
    await setImmediate();
  }
}

test.each([
  ['without rules', []],
  ['with a delay of 0 ms on half of the requests', [rule('slow', 'delay', { sleep: 0 }, 50)]],
])('any stream of requests and responses, cut anywhere, passes unchanged %s', async (_, rules) => {
  await fc.assert(
    fc.asyncProperty(exchanges, sizes, sizes, async (stream, clientCuts, backendCuts) => {
      const requests = stream.map(({ request }) => request);
      const responses = stream.map(({ response }) => response);
      await using backend = await startBackend(() => {});
      await using served = await startTestProxy('http', backend.address, rules);
      const client = await dial(served.proxy.address);
      const serve = async (): Promise<void> => {
        const server = await backend.accepted(1);
        for (const [i, one] of responses.entries()) {
          const due = requests.slice(0, i + 1).join('');
          const got = await server.until((text) => text.length >= due.length);
          // The next request is not forwarded before this one is answered.
          expect(got).toBe(due);
          await sendCut(server, one, backendCuts);
        }
      };
      await Promise.all([sendCut(client, requests.join(''), clientCuts), serve()]);
      const expected = responses.join('');
      expect(await client.until((text) => text.length >= expected.length)).toBe(expected);
      expect(served.proxy.stats).toMatchObject({ requests: stream.length, opaque: 0 });
    }),
    { numRuns: 60 },
  );
});

test('any bytes at all pass unchanged, whatever they look like', async () => {
  const token = fc.constantFrom(
    'GET / HTTP/1.1\r\n',
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 100 C\r\n\r\n',
    'Content-Length: 5\r\n',
    '\r\n',
    '\n',
    '\r',
    'Transfer-Encoding: chunked\r\n',
    'ff\r\n',
    '0\r\n',
    ':',
    ' ',
    'CONNECT a:1 HTTP/1.1\r\n\r\n',
    'Expect: 100-continue\r\n',
  );
  const noise = fc.array(fc.oneof(token, bytes), { maxLength: 12 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(noise, noise, sizes, async (up, down, cuts) => {
      await using backend = await startBackend((peer) => {
        peer.socket.once('data', () => peer.socket.end(Buffer.from(down, 'latin1')));
      });
      await using served = await startTestProxy('http', backend.address);
      const client = await dial(served.proxy.address);
      await sendCut(client, up, cuts);
      client.socket.end();
      expect(await client.outcome).toBe('fin');
      expect(client.text).toBe(up === '' ? '' : down);
      await backend.peers[0]?.outcome;
      expect(backend.peers[0]?.text ?? '').toBe(up);
    }),
    { numRuns: 150 },
  );
});
