import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RequestError } from './request-error.ts';
import { CERTIFICATE } from './self-signed.test.fixture.ts';
import { clientOf, closedPort, serve, serveTcp, serveTls } from './servers.test.fixture.ts';
import { DEFAULT_LIMITS } from './wire/response-limits.ts';

const PARTIAL = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf';
const PARTIAL_CLOSE = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\nhalf';
const PARTIAL_CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n';
const PARTIAL_CHUNKED_CLOSE = PARTIAL_CHUNKED.replace('\r\n', '\r\nconnection: close\r\n');
const NO_LENGTH = 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhalf';

/** One GET: how it ended, and that it gave one sample which says the same. */
async function getOnce(url: string, options: Parameters<typeof clientOf>[1] = {}) {
  const { http, samples } = clientOf(url, options);
  await using _ = http;
  const error = await http.get('/items').then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(samples).toHaveLength(1);
  expect(samples[0]?.error).toBe(error);
  expect(samples[0]?.failed).toBe(error !== undefined);
  return { error, sample: samples[0] };
}

test('refused', async () => {
  const port = await closedPort();
  const { error, sample } = await getOnce(`http://127.0.0.1:${port}`);
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({
    message: `GET http://127.0.0.1:${port}/items failed: connection refused`,
    failure: 'refused',
    cause: { code: 'ECONNREFUSED' },
  });
  expect(sample).toMatchObject({ status: 0, failure: 'refused', waitingMs: 0, bytesSent: 0, bytesReceived: 0 });
  expect(sample?.durationMs).toBe((sample?.endMs ?? 0) - (sample?.startMs ?? 0));
  expect(sample?.blockedMs).toBe(sample?.durationMs);
});

test('refused at all addresses of a name', async () => {
  const { error } = await getOnce(`http://localhost:${await closedPort()}`);
  expect(error).toMatchObject({ failure: 'refused' });
});

test.each([
  ['http:', 'http:'],
  ['http:', 'https:'],
  ['socks5:', 'http:'],
])('a proxy (%s) that is not there is named, and not the target (%s)', async (scheme, target) => {
  const port = await closedPort();
  const { error } = await getOnce(`${target}//shop.invalid`, { proxy: `${scheme}//user:secret@127.0.0.1:${port}` });
  expect(error).toMatchObject({
    failure: 'refused',
    reason: `connection refused by the proxy 127.0.0.1:${port}`,
    cause: { code: 'ECONNREFUSED' },
  });
});

test('a proxy whose name is not known is named', async () => {
  const { error } = await getOnce('http://127.0.0.1:1', { proxy: 'http://proxy.invalid:3128' });
  expect(error).toMatchObject({
    failure: 'dns',
    reason: expect.stringContaining('the name of the proxy proxy.invalid:3128'),
  });
});

test.each([
  ['before the head', ''],
  ['within a body', PARTIAL],
  ['within a body of a connection that is to close', PARTIAL_CLOSE],
  ['within a chunked body', PARTIAL_CHUNKED],
  ['within a chunked body of a connection that is to close', PARTIAL_CHUNKED_CLOSE],
])('eof: a FIN %s', async (_where, sent) => {
  await using server = await serveTcp((socket) => socket.end(sent));
  const { error, sample } = await getOnce(server.url);
  expect(error).toMatchObject({ failure: 'eof' });
  expect(sample).toMatchObject({ status: sent === '' ? 0 : 200, failure: 'eof' });
});

test.each([
  ['before the head', ''],
  ['within a body', PARTIAL],
  ['within a body of a connection that is to close', PARTIAL_CLOSE],
  ['within a chunked body', PARTIAL_CHUNKED],
  ['within a chunked body of a connection that is to close', PARTIAL_CHUNKED_CLOSE],
  ['within a body without a length', NO_LENGTH],
])('reset: an RST %s', async (_where, sent) => {
  const { promise: headSeen, resolve } = Promise.withResolvers<void>();
  // The client reads its clock for the start, the writing and the head; an RST must not overtake what was sent.
  const readings = [() => {}, () => {}, resolve];
  const clock = (): number => {
    readings.shift()?.();
    return performance.now();
  };
  await using server = await serveTcp((socket) => {
    if (sent === '') socket.resetAndDestroy();
    else socket.write(sent);
    void headSeen.then(() => socket.resetAndDestroy());
  });
  const { error, sample } = await getOnce(server.url, { clock });
  expect(error).toMatchObject({ failure: 'reset' });
  expect(sample).toMatchObject({ failure: 'reset', status: sent === '' ? 0 : 200 });
});

test('a body without a length ends with a FIN', async () => {
  await using server = await serveTcp((socket) => socket.end(NO_LENGTH));
  const { error, sample } = await getOnce(server.url);
  expect([error, sample?.failed]).toEqual([undefined, false]);
});

test('timeout: no head', async () => {
  await using server = await serve(() => {});
  const { error, sample } = await getOnce(server.url, { timeoutMs: 500 });
  expect(error).toMatchObject({
    failure: 'timeout',
    message: `GET ${server.url}/items failed: no complete response within 500 ms`,
  });
  expect(sample?.waitingMs).toBe(sample?.durationMs);
  expect((sample?.endMs ?? 0) - (sample?.startMs ?? 0)).toBeGreaterThanOrEqual(500);
});

test('timeout: within the body', async () => {
  await using server = await serve((_request, response) => response.write('half'));
  const { error, sample } = await getOnce(server.url, { timeoutMs: 500 });
  expect(error).toMatchObject({ failure: 'timeout' });
  expect(sample).toMatchObject({ status: 200, failure: 'timeout' });
});

test('timeout: while connecting, which is given up too', async () => {
  await using server = await serveTcp(() => {});
  // A TLS handshake that is never answered.
  const { http, samples } = clientOf(server.url.replace('http:', 'https:'), { timeoutMs: 50 });
  await using _ = http;
  await expect(http.get('/')).rejects.toMatchObject({ failure: 'timeout' });
  expect(samples).toMatchObject([{ status: 0, failure: 'timeout', waitingMs: 0, bytesSent: 0 }]);
  const [socket] = server.connections;
  if (socket !== undefined && !socket.closed) await once(socket, 'close');
  await expect(http.get('/')).rejects.toMatchObject({ failure: 'timeout' });
  // The server may hear of it after its client has gone.
  while (server.connections.length < 2) await setImmediate();
  expect(server.connections).toHaveLength(2);
});

test('timeout: in the queue for a connection', async () => {
  await using server = await serve(() => {});
  const stop = new AbortController();
  const { http, samples } = clientOf(server.url, { signal: stop.signal });
  await using _ = http;
  const held = Array.from({ length: 6 }, () => http.get('/'));
  await expect(http.get('/', { timeout: 20 })).rejects.toMatchObject({ failure: 'timeout' });
  expect(samples).toMatchObject([{ bytesSent: 0, waitingMs: 0 }]);
  stop.abort();
  await Promise.allSettled(held);
});

test('dns', async () => {
  const { error } = await getOnce('http://nowhere.invalid');
  expect(error).toMatchObject({ failure: 'dns' });
});

test('tls: a server without it', async () => {
  await using server = await serve((_request, response) => response.end());
  const { error } = await getOnce(server.url.replace('http:', 'https:'));
  expect(error).toMatchObject({ failure: 'tls' });
});

test('tls: a certificate that nobody vouches for, unless told so', async () => {
  await using server = await serveTls((_request, response) => response.end());
  expect((await getOnce(server.url)).error).toMatchObject({
    failure: 'tls',
    reason:
      'no TLS connection: the certificate of the server is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT); ' +
      'trust it by `tls: { ca }` of the session, or check nothing by `tls: { rejectUnauthorized: false }`',
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  });
  expect((await getOnce(server.url, { tls: { rejectUnauthorized: false } })).error).toBeUndefined();
  expect((await getOnce(server.url, { tls: { ca: CERTIFICATE } })).error).toBeUndefined();
});

test.each([
  ['garbage', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['a bad header', 'HTTP/1.1 200 OK\r\nbad header: 1\r\n\r\n'],
  ['a bad chunk length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
  ['an upgrade that nobody asked for', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
  ['too long a head', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
])('protocol: %s', async (_what, sent) => {
  await using server = await serveTcp((socket) => socket.write(sent));
  expect((await getOnce(server.url)).error).toMatchObject({ failure: 'protocol' });
});

test('status: a response outside 200 to 399 is returned, and its sample failed', async () => {
  await using server = await serve((_request, response) => response.writeHead(500).end('sorry'));
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  const response = await http.get('/');
  expect([response.status, response.ok, await response.text()]).toEqual([500, false, 'sorry']);
  await http.get('/', { expectStatus: (status) => status === 500 });
  expect(samples).toMatchObject([
    { status: 500, failed: true, failure: 'status', error: undefined },
    { status: 500, failed: false, failure: undefined },
  ]);
});

test.each([
  ['a status', 404],
  ['a list', [200, 404]],
  ['a function', (status: number) => status > 400],
])('status: %s can be expected', async (_what, expectStatus) => {
  await using server = await serve(({ url }, response) => response.writeHead(url === '/gone' ? 404 : 303).end());
  const { http, samples } = clientOf(server.url, { redirect: 'manual' });
  await using _ = http;
  expect([(await http.get('/gone', { expectStatus })).ok, (await http.get('/', { expectStatus })).ok]).toEqual([
    true,
    false,
  ]);
  expect(samples.map(({ failure }) => failure)).toEqual([undefined, 'status']);
});

test('aborted: the signal ends requests in every state, and no further ones begin', async () => {
  const stop = new AbortController();
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using server = await serve(() => resolve());
  await using silent = await serveTcp(() => {});
  const { http, samples } = clientOf(server.url, { signal: stop.signal });
  await using _ = http;
  const pending = [
    ...Array.from({ length: 8 }, () => http.get('/items')),
    http.get(silent.url.replace('http:', 'https:')),
  ];
  await asked;
  stop.abort();
  for (const request of pending) await expect(request).rejects.toMatchObject({ failure: 'aborted' });
  expect(samples.map((sample) => sample.failure)).toEqual(Array(9).fill('aborted'));
  await expect(http.get('/items')).rejects.toThrow(`GET ${server.url}/items failed: the run was stopped`);
  expect(samples).toHaveLength(9);
});

test('other: a body beyond the limit', async () => {
  await using server = await serve((_request, response) => {
    const chunk = Buffer.alloc(DEFAULT_LIMITS.maxBodyBytes / 8);
    for (let i = 0; i < 9; i += 1) response.write(chunk);
    response.end();
  });
  const { error } = await getOnce(server.url);
  expect(error).toMatchObject({ failure: 'other', cause: { code: 'ERR_HTTP_BODY_TOO_LARGE' } });
  expect(String(error)).toContain('the response body is larger than 67108864 bytes');
});

test('other: a header that cannot be sent', async () => {
  const { error, sample } = await getOnce('http://127.0.0.1:1', { headers: { 'bad name': 'x' } });
  expect(error).toMatchObject({ failure: 'other' });
  expect(sample?.bytesSent).toBe(0);
});
