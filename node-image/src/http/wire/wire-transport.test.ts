import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { CERTIFICATE } from '../self-signed.test.fixture.ts';
import { clientOf, serve, serveTcp, serveTls } from '../servers.test.fixture.ts';

test('requests one after the other share one connection', async () => {
  await using server = await serve((_request, response) => response.end('ok'));
  const { http } = clientOf(server.url);
  await using _ = http;
  for (let i = 0; i < 20; i += 1) await http.get('/');
  expect(server.connections).toHaveLength(1);
});

test('parallel requests get six connections, the rest wait their turn', async () => {
  const held: ServerResponse[] = [];
  const asked: string[] = [];
  const { promise: full, resolve } = Promise.withResolvers<void>();
  await using server = await serve((request, response) => {
    asked.push(request.url ?? '');
    if (held.length === 6) response.end();
    else if (held.push(response) === 6) resolve();
  });
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  const all = Promise.all(Array.from({ length: 20 }, (_, i) => http.get(`/${i}`, { name: 'n' })));
  await full;
  expect(server.connections).toHaveLength(6);
  for (const response of held) response.end();
  expect((await all).map((response) => response.status)).toEqual(Array(20).fill(200));
  expect(server.connections).toHaveLength(6);
  expect(samples).toHaveLength(20);
  expect(asked.toSorted()).toEqual(Array.from({ length: 20 }, (_, i) => `/${i}`).toSorted());
  // Those that waited were blocked for as long as the first six were held.
  const blocked = samples.filter((sample) => sample.blockedMs > (samples[0]?.durationMs ?? 0));
  expect(blocked.length).toBeGreaterThanOrEqual(14);
});

test('a request that is cut off costs only its own connection', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/fast') response.end('ok');
  });
  const { http } = clientOf(server.url);
  await using _ = http;
  await expect(http.get('/slow', { timeout: 20 })).rejects.toMatchObject({ failure: 'timeout' });
  expect(await (await http.get('/fast')).text()).toBe('ok');
  expect(server.connections).toHaveLength(2);
});

test('who waits gets the place of a connection that was given up, unless it gave up itself', async () => {
  await using server = await serveTcp(() => {});
  const { http, samples } = clientOf(server.url.replace('http:', 'https:'));
  await using _ = http;
  const connecting = Array.from({ length: 6 }, () => http.get('/', { timeout: 300 }));
  const impatient = http.get('/', { timeout: 20 });
  const patient = http.get('/', { timeout: 2000 });
  await Promise.allSettled([...connecting, impatient, patient]);
  expect(samples.map((sample) => sample.failure)).toEqual(Array(8).fill('timeout'));
  expect(server.connections).toHaveLength(7);
});

test('dial connects elsewhere, and the Host header stays', async () => {
  await using server = await serve((request, response) => response.end(request.headers.host));
  const { http } = clientOf('http://shop.test:8080/', {
    dial: new Map([['shop.test:8080', { host: '127.0.0.1', port: server.port }]]),
  });
  await using _ = http;
  const response = await http.get('/');
  expect(await response.text()).toBe('shop.test:8080');
  expect(response.url).toBe('http://shop.test:8080/');
});

test('dial keeps the TLS name: it is asked for, and the certificate is checked against it', async () => {
  await using server = await serveTls((request, response) => {
    response.end('servername' in request.socket ? String(request.socket.servername) : '');
  });
  const there = { host: '127.0.0.1', port: server.port };
  const { http } = clientOf(undefined, {
    dial: new Map([
      ['shop.test:443', there],
      ['other.test:443', there],
    ]),
    tls: { ca: CERTIFICATE },
  });
  await using _ = http;
  expect(await (await http.get('https://shop.test/')).text()).toBe('shop.test');
  await expect(http.get('https://other.test/')).rejects.toMatchObject({ failure: 'tls' });
});

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Answers the first request with `first`, and the second one with a plain 200. */
async function twoRequests(first: string, method = 'GET', options: Parameters<typeof clientOf>[1] = {}) {
  const answers = [first];
  await using server = await serveTcp((socket) => {
    socket.write(answers.shift() ?? OK, 'latin1');
  });
  const { http } = clientOf(server.url, { timeoutMs: 2000, ...options });
  await using _ = http;
  const outcome = await http.request(method, '/').then(
    (response) => response.text(),
    (error: { failure: string }) => error.failure,
  );
  await http.get('/');
  return { outcome, connections: server.connections.length };
}

test.each([
  ['a body with a length', 'GET', OK, 'ok'],
  ['an empty body', 'GET', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', ''],
  ['chunks', 'GET', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 'ok'],
  ['trailers', 'GET', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: b\r\n\r\n', ''],
  ['a 103', 'GET', `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${OK}`, 'ok'],
  ['a 204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  [
    'a 304 with the length of what it does not send',
    'GET',
    'HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n',
    '',
  ],
  ['HEAD', 'HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', ''],
  ['HTTP/1.0 with keep-alive', 'GET', 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok', 'ok'],
])('after %s the connection carries the next request', async (_what, method, first, outcome) => {
  expect(await twoRequests(first, method)).toEqual({ outcome, connections: 1 });
});

test.each([
  ['connection: close', OK.replace('\r\n', '\r\nconnection: close\r\n'), 'ok'],
  ['HTTP/1.0', OK.replace('1.1', '1.0'), 'ok'],
  ['bytes behind the end', `${OK}x`, 'ok'],
  ['a second response behind the first', `${OK}${OK}`, 'ok'],
  ['a body behind a 204', 'HTTP/1.1 204 No Content\r\n\r\nok', ''],
  ['keep-alive: timeout=1, which is as good as over', OK.replace('\r\n', '\r\nkeep-alive: timeout=1\r\n'), 'ok'],
  ['a malformed response', 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n', 'protocol'],
  ['too long a body', 'HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n', 'other'],
])('after %s the next request gets a new connection', async (_what, first, outcome) => {
  expect(await twoRequests(first, 'GET', { limits: { maxBodyBytes: 10 } })).toEqual({ outcome, connections: 2 });
});

test('a request that asked to close gets a connection of its own, and so does the next', async () => {
  expect(await twoRequests(OK, 'GET', { headers: { connection: 'close' } })).toEqual({ outcome: 'ok', connections: 2 });
});

test('bytes that nobody asked for end an idle connection', async () => {
  await using server = await serve((_request, response) => response.end('ok'));
  const { http } = clientOf(server.url);
  await using _ = http;
  await http.get('/');
  const [socket] = server.connections;
  if (socket === undefined) throw new Error('no connection');
  socket.write(OK);
  await once(socket, 'close');
  expect(await (await http.get('/')).text()).toBe('ok');
  expect(server.connections).toHaveLength(2);
});

test('a server that closes an idle connection costs no request', async () => {
  await using server = await serve((_request, response) => response.end('ok'));
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  await http.get('/');
  const [socket] = server.connections;
  if (socket === undefined) throw new Error('no connection');
  socket.end();
  await once(socket, 'close');
  await http.get('/');
  expect(samples.map(({ failed }) => failed)).toEqual([false, false]);
});

test('small and large bodies arrive whole, and their bytes are counted', async () => {
  await using server = await serve(async (request, response) => {
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    response.end(String(bytes));
  });
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  for (const size of [1, 16_384, 16_385, 3_000_000]) {
    expect(await (await http.post('/', { body: Buffer.alloc(size, 'x') })).text()).toBe(String(size));
    expect(samples.at(-1)?.bytesSent).toBeGreaterThan(size);
  }
  expect(server.connections).toHaveLength(1);
  expect(server.connections[0]?.bytesRead).toBe(samples.reduce((sum, { bytesSent }) => sum + bytesSent, 0));
});

test('large responses arrive whole over many connections that share a buffer', async () => {
  await using server = await serve((request, response) => response.end((request.url ?? '').slice(1).repeat(300_000)));
  const { http } = clientOf(server.url);
  await using _ = http;
  const bodies = await Promise.all(['a', 'b', 'c', 'd'].map(async (letter) => (await http.get(`/${letter}`)).text()));
  expect(bodies).toEqual(['a', 'b', 'c', 'd'].map((letter) => letter.repeat(300_000)));
});

test('TLS: the second connection takes the session up again', async () => {
  const resumed: boolean[] = [];
  await using server = await serveTls((request, response) => {
    resumed.push('isSessionReused' in request.socket && (request.socket as TLSSocket).isSessionReused());
    response.setHeader('connection', 'close').end('x'.repeat(100_000));
  });
  const { http, samples } = clientOf(server.url, { tls: { ca: CERTIFICATE } });
  await using _ = http;
  for (let i = 0; i < 3; i += 1) expect(await (await http.get('/')).text()).toHaveLength(100_000);
  expect(resumed).toEqual([false, true, true]);
  expect(samples.every(({ opening }) => opening !== undefined && opening.tlsMs > 0)).toBe(true);
});

test('only the request that opened a connection says what that took', async () => {
  await using server = await serve((_request, response) => response.end('ok'));
  const { http, samples } = clientOf(server.url.replace('127.0.0.1', 'localhost'));
  await using _ = http;
  await http.get('/');
  await http.get('/');
  const [first, second] = samples;
  expect(first?.opening?.lookupMs).toBeGreaterThan(0);
  expect(first?.opening?.connectMs).toBeGreaterThan(0);
  expect(first?.opening?.tlsMs).toBe(0);
  expect(second?.opening).toBeUndefined();
});
