import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HTTP_CONNECT } from './open-connect-tunnel.ts';
import { byteByByte, tunnelAt } from './open-tunnel.test.fixture.ts';

const OPENED = 'HTTP/1.1 200 Connection established\r\n\r\n';
/** A field that makes a head as long as this, in bytes. */
const padded = (bytes: number): string => {
  const head = 'HTTP/1.1 200 OK\r\nx-padding: \r\n\r\n';
  return head.replace(': ', `: ${'x'.repeat(bytes - head.length)}`);
};
const inOne = (text: string): readonly Uint8Array[] => [Buffer.from(text)];

test.each([
  ['a 200', OPENED],
  ['a 200 of HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\n'],
  ['another 2xx', 'HTTP/1.1 204 \r\n\r\n'],
  ['fields of a body that there is not', 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n'],
  [
    'informational answers before it',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nx-a: b\r\n\r\n${OPENED}`,
  ],
  ['the longest head', padded(16_384)],
])("%s opens a tunnel, and what is behind it is the tunnel's", async (_, head) => {
  const said = Buffer.from(`${head}tea\r\n\r\nHTTP/1.1 500 `);
  // The longest one takes too many turns.
  const cuts = head.length > 1000 ? [[said]] : [[said], byteByByte(said)];
  for (const pieces of cuts) expect((await tunnelAt(HTTP_CONNECT, { pieces })).after).toBe('tea\r\n\r\nHTTP/1.1 500 ');
});

test('nothing is lost, wherever the pieces are cut', async () => {
  const said = Buffer.from(`${OPENED}tea`);
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: said.length - 1 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(cuts, async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), said.length];
      const pieces = at.slice(1).map((to, i) => said.subarray(at[i], to));
      expect((await tunnelAt(HTTP_CONNECT, { pieces })).after).toBe('tea');
    }),
    { numRuns: 30 },
  );
});

test.each([
  [{ host: 'shop.test', port: 443 }, 'shop.test:443'],
  [{ host: '10.0.0.7', port: 80 }, '10.0.0.7:80'],
  [{ host: '::1', port: 5432 }, '[::1]:5432'],
])('the proxy is asked for %o', async (end, authority) => {
  const { asked } = await tunnelAt(HTTP_CONNECT, { pieces: inOne(OPENED), end });
  expect(asked.toString()).toBe(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
});

test('the proxy is told who asks', async () => {
  const user = { username: 'änn', password: 'p@ss:word' };
  const { asked } = await tunnelAt(HTTP_CONNECT, { pieces: inOne(OPENED), user });
  const credentials = Buffer.from('änn:p@ss:word').toString('base64');
  expect(asked.toString()).toMatch(/^CONNECT .*\r\nProxy-Authorization: Basic \S+\r\n\r\n$/s);
  expect(asked.toString()).toContain(`Basic ${credentials}\r\n`);
});

test.each([
  [
    'HTTP/1.1 403 No\r\ncontent-length: 4\r\n\r\nrule',
    'ERR_CONNECT_STATUS_403',
    'the HTTP proxy answers: 403 Forbidden',
  ],
  ['HTTP/1.1 502 connect ECONNREFUSED\r\n\r\n', 'ERR_CONNECT_STATUS_502', 'the HTTP proxy answers: 502 Bad Gateway'],
  ['HTTP/1.1 599 Hm\r\n\r\n', 'ERR_CONNECT_STATUS_599', 'the HTTP proxy answers: 599'],
  ['HTTP/1.1 407 Who?\r\n\r\n', 'ERR_CONNECT_STATUS_407', 'the HTTP proxy wants to know who asks (407)'],
  ['HTTP/1.1 101 Switching\r\n\r\n', 'ERR_CONNECT_STATUS_101', 'the HTTP proxy answers: 101 Switching Protocols'],
  ['SSH-2.0-OpenSSH_9.2\r\n', 'ERR_CONNECT_ANSWER', 'the proxy does not answer in HTTP/1.1'],
  ['\x05\x00', 'ERR_CONNECT_ANSWER', 'the proxy does not answer in HTTP/1.1'],
  ['HTTP/1.1 OK\r\n\r\n', 'ERR_CONNECT_ANSWER', 'the proxy does not answer in HTTP/1.1'],
  [padded(16_385), 'ERR_CONNECT_HEAD_TOO_LARGE', 'the answer of the HTTP proxy is larger than 16384 bytes'],
  ['HTTP/1.1 100 Continue\r\n\r\n'.repeat(700), 'ERR_CONNECT_HEAD_TOO_LARGE', 'larger than 16384 bytes'],
  ['HTTP/1.1 200 OK\r\nvia: 1.1 pro', 'ERR_TUNNEL_ENDED', 'the proxy closed the connection before it opened a tunnel'],
  ['HTTP/1.1 100 Continue\r\n\r\n', 'ERR_TUNNEL_ENDED', 'the proxy closed the connection'],
  ['', 'ERR_TUNNEL_ENDED', 'the proxy closed the connection'],
])('a proxy that says %j opens none', async (said, code, message) => {
  const refused = { name: 'TunnelError', code, message: expect.stringContaining(message) };
  await expect(tunnelAt(HTTP_CONNECT, { pieces: inOne(said) })).rejects.toMatchObject(refused);
});

test('a proxy that does not know the user is told from one that wants to know', async () => {
  const user = { username: 'ann', password: 'guess' };
  const pieces = byteByByte(Buffer.from('HTTP/1.1 407 Who?\r\nproxy-authenticate: Basic realm="a"\r\n\r\n'));
  await expect(tunnelAt(HTTP_CONNECT, { pieces, user })).rejects.toThrow(
    'the HTTP proxy does not take the username and password (407)',
  );
});

test('a proxy of another protocol is found out before it ends', async () => {
  const never = new Promise<never>(() => undefined);
  const pieces = (async function* () {
    yield Buffer.from('220 mail.test ESMTP');
    await never;
  })();
  await expect(tunnelAt(HTTP_CONNECT, { pieces })).rejects.toMatchObject({ code: 'ERR_CONNECT_ANSWER' });
});

test('a head that never ends is given up', async () => {
  const pieces = (function* () {
    yield Buffer.from('HTTP/1.1 200 OK\r\n');
    for (;;) yield Buffer.from('x-more: and more\r\n');
  })();
  await expect(tunnelAt(HTTP_CONNECT, { pieces })).rejects.toMatchObject({ code: 'ERR_CONNECT_HEAD_TOO_LARGE' });
});
