import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAddress } from '@loads/core';
import { type LocalProxy, startProxy } from '@loads/vaurien';
import { expect, test } from 'vitest';
import { createHttpClient } from '../../node-image/src/http/create-http-client.ts';
import type { HttpClient } from '../../node-image/src/http/http-client.ts';
import { RequestError } from '../../node-image/src/http/request-error.ts';
import { CERTIFICATE, PRIVATE_KEY } from '../../node-image/src/http/self-signed.test.fixture.ts';
import { startVaurien } from './command.ts';

/** A service over TLS that speaks HTTP/2 and counts by the version of HTTP what reached it. */
type Service = AsyncDisposable & { readonly port: number; readonly versions: string[] };

async function startService(): Promise<Service> {
  const versions: string[] = [];
  const server = createSecureServer({ cert: CERTIFICATE, key: PRIVATE_KEY, allowHTTP1: true }, answer);
  function answer({ httpVersion }: Http2ServerRequest, response: Http2ServerResponse): void {
    versions.push(httpVersion);
    response.end('tea '.repeat(20_000));
  }
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.on('sessionError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    versions,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A session that speaks HTTP/2 with the service, through the proxy, as a scenario's does. */
function sessionThrough(proxy: LocalProxy | string, { port }: Service): HttpClient {
  const { address } = typeof proxy === 'string' ? { address: parseAddress(proxy) } : proxy;
  if (address === undefined || !('port' in address)) throw new Error('it listens on no port');
  return createHttpClient({
    baseUrl: `https://localhost:${port}`,
    dial: new Map([[`localhost:${port}`, { host: '127.0.0.1', port: address.port }]]),
    http2: true,
    tls: { ca: CERTIFICATE },
    signal: new AbortController().signal,
    onRequest: () => undefined,
  });
}

async function lengthOf(http: HttpClient): Promise<number> {
  return (await (await http.get('/')).text()).length;
}

/** The class of a request's failure. */
async function failureOf(http: HttpClient, timeout = 10_000): Promise<string> {
  const error: unknown = await http.get('/', { timeout }).then(
    () => 'answered',
    (reason: unknown) => reason,
  );
  return error instanceof RequestError ? error.failure : String(error);
}

const STRIKING: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['delay', { sleep: '30s' }],
  ['hang', {}],
  ['blackout', {}],
  ['abort', {}],
  ['error', {}],
];

test.each(STRIKING)(
  'to http HTTP/2 is bytes that it cannot read: %s touches none of them, and they are counted',
  async (name, options) => {
    await using service = await startService();
    await using proxy = await startProxy({ backend: `127.0.0.1:${service.port}`, protocol: 'http' });
    await using http = sessionThrough(proxy, service);
    expect(await lengthOf(http)).toBe(80_000);
    await proxy.withBehavior(name, options, async () => {
      // On the open connection and on a new one.
      await using another = sessionThrough(proxy, service);
      expect(await Promise.all([lengthOf(http), lengthOf(http), lengthOf(another)])).toEqual([80_000, 80_000, 80_000]);
    });
    expect(service.versions).toEqual(Array(4).fill('2.0'));
    expect(proxy.stats).toMatchObject({ connectionsAccepted: 2, opaque: 2, requests: 0, faults: 0 });
  },
);

test('nobody who listens is nobody for HTTP/2 either', async () => {
  await using service = await startService();
  await using proxy = await startProxy({ backend: `127.0.0.1:${service.port}`, protocol: 'http' });
  await proxy.withBehavior('blackout', { mode: 'refuse' }, async () => {
    await using http = sessionThrough(proxy, service);
    expect(await failureOf(http)).toBe('refused');
  });
  await using http = sessionThrough(proxy, service);
  expect(await lengthOf(http)).toBe(80_000);
});

test('where the proxy itself speaks TLS, both sides fall back to HTTP/1.1, and faults are those of http', async () => {
  await using service = await startService();
  await using folder = await mkdtempDisposable(join(tmpdir(), 'vaurien-http2-'));
  await writeFile(join(folder.path, 'shop.crt'), CERTIFICATE);
  await writeFile(join(folder.path, 'shop.key'), PRIVATE_KEY);
  const tls = ['--tls-cert', 'shop.crt', '--tls-key', 'shop.key', '--tls-backend', '--tls-backend-insecure'];
  const between = ['--proxy', '127.0.0.1:0', '--backend', `127.0.0.1:${service.port}`, '--protocol', 'http'];
  await using vaurien = await startVaurien([...between, ...tls, '--behavior', 'transient'], { cwd: folder.path });
  await using http = sessionThrough(await vaurien.proxy(), service);
  const struck = await http.get('/');
  expect([struck.status >= 500, struck.headers.has('x-vaurien-fault')]).toEqual([true, true]);
  expect(await lengthOf(http)).toBe(80_000);
  expect(service.versions).toEqual(['1.1']);
});

test('to tcp a connection of HTTP/2 is a connection: it is slow, hangs, and is cut, open ones and new ones', async () => {
  await using service = await startService();
  await using proxy = await startProxy({ backend: `127.0.0.1:${service.port}`, protocol: 'tcp' });
  await using http = sessionThrough(proxy, service);
  expect(await lengthOf(http)).toBe(80_000);
  await proxy.withBehavior('delay', { sleep: '200ms' }, async () => {
    const fromMs = performance.now();
    expect(await lengthOf(http)).toBe(80_000);
    expect(performance.now() - fromMs).toBeGreaterThan(190);
  });
  for (const [name, failures] of [
    ['hang', ['timeout']],
    ['blackout', ['reset', 'eof']],
    ['abort', ['reset', 'eof']],
  ] as const) {
    await using open = sessionThrough(proxy, service);
    expect(await lengthOf(open), `before ${name}`).toBe(80_000);
    await proxy.withBehavior(name, {}, async () => {
      await using another = sessionThrough(proxy, service);
      expect(failures).toContain(await failureOf(open, name === 'hang' ? 500 : 10_000));
      expect(failures).toContain(await failureOf(another, name === 'hang' ? 500 : 10_000));
    });
  }
  // A session that was cut opens a connection anew; this one learns of the cuts only now.
  const mended = await failureOf(http);
  expect(['answered', 'reset', 'eof']).toContain(mended);
  expect(await lengthOf(http)).toBe(80_000);
  expect(new Set(proxy.faults.map(({ behavior }) => behavior))).toEqual(
    new Set(['delay', 'hang', 'blackout', 'abort']),
  );
});
