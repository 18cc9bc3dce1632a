import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createPlainServer, createSecureServer } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { HttpClientOptions } from './http-client.ts';
import { CERTIFICATE, PRIVATE_KEY } from './self-signed.test.fixture.ts';
import { clientOf, serve, serveTls } from './servers.test.fixture.ts';
import { connectServer } from './tunnel/connect-server.test.fixture.ts';
import { socksServer } from './tunnel/socks-server.test.fixture.ts';

// What every transport has to do, whoever speaks the protocol: our own connections, or undici.

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;
type Stand = AsyncDisposable & {
  readonly url: string;
  readonly options: Partial<HttpClientOptions>;
  /** Cuts all connections of the server. */
  readonly reset: () => void;
};

async function listening(server: Server, options: Partial<HttpClientOptions>, origin: string): Promise<Stand> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const reset = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: `${origin}:${port}`,
    options,
    reset,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function overOwn(listener: Listener): Promise<Stand> {
  const server = await serve(listener as RequestListener);
  return own(server, {});
}

async function overOwnTls(listener: Listener): Promise<Stand> {
  return own(await serveTls(listener as RequestListener), { tls: { ca: CERTIFICATE } });
}

function own(server: Awaited<ReturnType<typeof serve>>, options: Partial<HttpClientOptions>): Stand {
  const reset = (): void => {
    for (const socket of server.connections) socket.resetAndDestroy();
  };
  return { url: server.url, options, reset, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function overHttp2(listener: Listener): Promise<Stand> {
  const server = createSecureServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (request, response) =>
    listener(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  return listening(server, { http2: true, tls: { ca: CERTIFICATE } }, 'https://localhost');
}

function overPlainHttp2(listener: Listener): Promise<Stand> {
  const server = createPlainServer((request, response) =>
    listener(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  return listening(server, { http2: 'prior-knowledge' }, 'http://127.0.0.1');
}

/** A forward proxy that knows absolute URLs and CONNECT, before a server with or without TLS. */
async function overProxy(listener: Listener, secure: boolean): Promise<Stand> {
  const server = secure ? await serveTls(listener as RequestListener) : await serve(listener as RequestListener);
  const proxy = connectServer(() => undefined).on('request', (request, response) => {
    const { pathname, search } = new URL(request.url ?? '');
    const { method = '', headers } = request;
    const there = httpRequest({ port: server.port, path: pathname + search, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
      answer.pipe(response);
    });
    request.pipe(there).on('error', () => response.destroy());
  });
  const before = await listening(proxy, {}, 'http://127.0.0.1');
  return {
    url: server.url,
    options: { proxy: before.url, tls: { ca: CERTIFICATE } },
    reset: before.reset,
    async [Symbol.asyncDispose]() {
      await before[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** A SOCKS5 proxy before a server with or without TLS. */
async function overSocks(listener: Listener, secure: boolean): Promise<Stand> {
  const server = secure ? await serveTls(listener as RequestListener) : await serve(listener as RequestListener);
  const before = await listening(
    socksServer(() => undefined),
    {},
    'socks5://127.0.0.1',
  );
  return {
    url: server.url,
    options: { proxy: before.url, tls: { ca: CERTIFICATE } },
    reset: before.reset,
    async [Symbol.asyncDispose]() {
      await before[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe.each([
  ['own connections', overOwn, '1.1'],
  ['own connections over TLS', overOwnTls, '1.1'],
  ['HTTP/2', overHttp2, '2.0'],
  ['HTTP/2 without TLS', overPlainHttp2, '2.0'],
  ['a forward proxy', (listener: Listener) => overProxy(listener, false), '1.1'],
  ['a forward proxy and TLS', (listener: Listener) => overProxy(listener, true), '1.1'],
  ['a SOCKS5 proxy', (listener: Listener) => overSocks(listener, false), '1.1'],
  ['a SOCKS5 proxy and TLS', (listener: Listener) => overSocks(listener, true), '1.1'],
])('%s', (_name, over, version) => {
  test('brings a request there and its response back', async () => {
    await using stand = await over(async (request, response) => {
      const body = await text(request);
      response.setHeader(
        'x-asked',
        `${request.httpVersion} ${request.method} ${request.url} ${request.headers['x-a']}`,
      );
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.statusCode = 201;
      response.end(body.toUpperCase());
    });
    const { http, samples } = clientOf(stand.url, stand.options);
    await using _ = http;
    const response = await http.post('/items?x=1', { body: 'some tea', headers: { 'x-a': 'b' } });
    expect(await response.text()).toBe('SOME TEA');
    expect(response.headers.get('x-asked')).toBe(`${version} POST /items?x=1 b`);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(samples).toMatchObject([{ status: 201, failed: false }]);
    const [sample] = samples;
    expect(sample?.bytesSent).toBeGreaterThan(8);
    expect(sample?.bytesReceived).toBeGreaterThan(8);
    expect(sample?.durationMs).toBeCloseTo((sample?.waitingMs ?? 0) + (sample?.receivingMs ?? 0));
  });

  test('a large response arrives whole, HEAD and 204 have no body', async () => {
    await using stand = await over((request, response) => {
      if (request.url === '/none') response.writeHead(204).end();
      else response.end(request.method === 'HEAD' ? undefined : 'x'.repeat(500_000));
    });
    const { http } = clientOf(stand.url, stand.options);
    await using _ = http;
    expect(await (await http.get('/')).text()).toHaveLength(500_000);
    expect(await (await http.head('/')).text()).toBe('');
    expect(await (await http.get('/none')).text()).toBe('');
  });

  test('a form with a file arrives, after a redirect too, and a coded body comes back', async () => {
    await using stand = await over(async (request, response) => {
      const body = await text(request);
      if (request.url === '/') {
        response.writeHead(308, { location: '/there', 'set-cookie': 'a=1' });
        response.end();
        return;
      }
      const { 'content-length': length, cookie } = request.headers;
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(`${Number(length) === body.length} ${body.includes('x'.repeat(300_000))} ${cookie}`));
    });
    const { http, samples } = clientOf(stand.url, stand.options);
    await using _ = http;
    const form = new FormData();
    form.append('photo', new Blob(['x'.repeat(300_000)]), 'photo.jpg');
    expect(await (await http.post('/', { body: form })).text()).toBe('true true a=1');
    expect(samples.map(({ status, failed }) => [status, failed])).toEqual([
      [308, false],
      [200, false],
    ]);
  });

  test('many at once all get their own response', async () => {
    await using stand = await over((request, response) => response.end(request.url));
    const { http } = clientOf(stand.url, stand.options);
    await using _ = http;
    const paths = Array.from({ length: 30 }, (_, i) => `/${i}`);
    const bodies = await Promise.all(paths.map(async (path) => (await http.get(path, { name: 'n' })).text()));
    expect(bodies).toEqual(paths);
  });

  test('a deadline and a stop cut what is under way, and the client goes on', async () => {
    await using stand = await over((request, response) => {
      if (request.url === '/fast') response.end('ok');
    });
    const stop = new AbortController();
    const { http, samples } = clientOf(stand.url, { ...stand.options, signal: stop.signal });
    await using _ = http;
    await expect(http.get('/slow', { timeout: 150 })).rejects.toMatchObject({ failure: 'timeout' });
    expect(await (await http.get('/fast')).text()).toBe('ok');
    const slow = http.get('/slow');
    stop.abort();
    await expect(slow).rejects.toMatchObject({ failure: 'aborted' });
    expect(samples.map(({ failure }) => failure)).toEqual(['timeout', undefined, 'aborted']);
  });

  test('a connection that breaks fails its request, and the next one gets another', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    await using stand = await over((request, response) => {
      if (request.url === '/broken') resolve();
      else response.end('ok');
    });
    const { http } = clientOf(stand.url, stand.options);
    await using _ = http;
    const broken = http.get('/broken').then(
      () => 'answered',
      (error: { failure: string }) => error.failure,
    );
    await asked;
    stand.reset();
    expect(['reset', 'eof']).toContain(await broken);
    expect(await (await http.get('/')).text()).toBe('ok');
  });

  test('a body beyond the limit fails', async () => {
    await using stand = await over((_request, response) => response.end('x'.repeat(100_000)));
    const { http } = clientOf(stand.url, { ...stand.options, limits: { maxBodyBytes: 50_000 } });
    await using _ = http;
    await expect(http.get('/')).rejects.toMatchObject({ failure: 'other' });
  });

  test('a header that cannot be sent fails its request alone', async () => {
    await using stand = await over((_request, response) => response.end('ok'));
    const { http } = clientOf(stand.url, stand.options);
    await using _ = http;
    await expect(http.get('/', { headers: { 'bad name': 'x' } })).rejects.toMatchObject({ failure: 'other' });
    expect(await (await http.get('/')).text()).toBe('ok');
  });
});
