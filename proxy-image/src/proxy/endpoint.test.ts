import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { BackendTls } from '@loads/core';
import { expect, test } from 'vitest';
import type { Endpoint } from './endpoint.ts';
import { dial, get, httpAnswer, Peer, rule, startBackend, startEcho, startTestProxy } from './peers.test.support.ts';
import { CERTIFICATE, PRIVATE_KEY } from './self-signed.test.fixture.ts';
import type { ProxyOptions } from './start-proxy.ts';

const TLS = { key: PRIVATE_KEY, cert: CERTIFICATE };
const UNUSED = { host: '127.0.0.1', port: 1 };

/** A directory for sockets, which goes with the scope. */
async function directory(): Promise<AsyncDisposable & { socket(name: string): { path: string } }> {
  const path = await mkdtemp(join(tmpdir(), 'vaurien-'));
  return {
    socket: (name) => ({ path: join(path, name) }),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** A server of anything that listens like one of `net`, which answers each chunk with it, and ends with its client. */
async function startAnswering(at: Endpoint, tls: boolean): Promise<AsyncDisposable & { endpoint: Endpoint }> {
  const settings = { allowHalfOpen: true };
  const server = tls ? createTlsServer({ ...settings, ...TLS }) : createServer(settings);
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  server.on(tls ? 'secureConnection' : 'connection', (socket: TLSSocket) => {
    socket
      .on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        socket.write(chunk.includes('GET') ? httpAnswer('hello') : chunk);
      });
    socket.on('end', () => socket.end());
  });
  server.listen(at);
  await once(server, 'listening');
  const bound = server.address();
  const endpoint = bound !== null && typeof bound === 'object' ? { host: bound.address, port: bound.port } : at;
  return {
    endpoint,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test.each(['tcp', 'http'])('%s: unix sockets on both sides', async (protocol) => {
  await using sockets = await directory();
  await using backend = await startAnswering(sockets.socket('backend'), false);
  const listen = sockets.socket('proxy');
  await using served = await startTestProxy(protocol, UNUSED, [], { listen, backend: backend.endpoint });
  expect(served.proxy.address).toEqual({ host: listen.path, port: 0 });
  const client = new Peer(connect({ ...listen, allowHalfOpen: true }));
  await client.send(get('/')).untilHas('hello');
  expect(served.proxy.connections().length).toBe(1);
  client.socket.end();
  expect(await client.outcome).toBe('fin');
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
});

test.each([
  ['blackout', { mode: 'rst' }],
  ['blackout', { mode: 'fin' }],
  ['hang', { max: 1 }],
  ['error', {}],
  ['abort', {}],
])('over unix sockets %s %j ends the connection: there is no reset to see', async (behavior, options) => {
  await using sockets = await directory();
  await using backend = await startAnswering(sockets.socket('backend'), false);
  const listen = sockets.socket('proxy');
  const rules = [{ ...rule('it', behavior, options), match: { client: '127.0.0.1' } }, rule('all', behavior, options)];
  await using served = await startTestProxy('tcp', UNUSED, rules, { listen, backend: backend.endpoint });
  const client = new Peer(connect({ ...listen, allowHalfOpen: true }));
  await client.send('hello').outcome;
  client.socket.end();
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  // A client without an address is in no network.
  expect(served.faults.map((fault) => fault.rule)).toEqual(['all']);
});

test('a client that resets a unix socket takes its backend connection with it', async () => {
  await using sockets = await directory();
  await using backend = await startEcho();
  const listen = sockets.socket('proxy');
  await using served = await startTestProxy('tcp', backend.address, [], { listen });
  const client = new Peer(connect(listen));
  await client.send('a').untilHas('a');
  client.socket.destroy();
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  await (await backend.accepted(1)).outcome;
});

test('a unix socket that refuses goes away and comes back', async () => {
  await using sockets = await directory();
  await using backend = await startEcho();
  const listen = sockets.socket('proxy');
  const refuse = rule('dark', 'blackout', { mode: 'refuse' });
  await using served = await startTestProxy('tcp', backend.address, [refuse], { listen });
  const attempt = (): Promise<string> => {
    const socket = connect(listen);
    return once(socket, 'connect').then(
      () => {
        socket.destroy();
        return 'ok';
      },
      (error: NodeJS.ErrnoException) => error.code ?? '',
    );
  };
  await expect.poll(attempt).toBe('ENOENT');
  served.proxy.setRules([]);
  await expect.poll(attempt).toBe('ok');
});

test.each(['tcp', 'http'])('%s: IPv6 on both sides', async (protocol) => {
  await using backend = await startAnswering({ host: '::1', port: 0 }, false);
  const more = { listen: { host: '::1' }, backend: backend.endpoint };
  const bad = { ...rule('bad', 'error', { code: 500 }), match: { client: '::1/128', operation: 'GET /bad' } };
  await using served = await startTestProxy(protocol, UNUSED, [bad], more);
  const client = await dial(served.proxy.address);
  expect(served.proxy.address.host).toBe('::1');
  await client.send(get('/')).untilHas('hello');
  expect(served.proxy.connections()).toMatchObject([{ client: `[::1]:${client.socket.localPort}` }]);
  if (protocol === 'http') await client.send(get('/bad')).untilHas('0-web-1-2');
});

/** A client with TLS that trusts the certificate of the tests. */
function dialTls(served: { proxy: { address: { host: string; port: number } } }): Peer {
  return new Peer(connectTls({ ...served.proxy.address, ca: CERTIFICATE, servername: 'localhost' }));
}

test('TLS towards the client: the proxy sees what it says', async () => {
  await using backend = await startAnswering({ host: '127.0.0.1', port: 0 }, false);
  const bad = { ...rule('bad', 'error', { code: 503 }), match: { operation: 'GET /bad' } };
  await using served = await startTestProxy('http', UNUSED, [bad], { tls: TLS, backend: backend.endpoint });
  const client = dialTls(served);
  await client.send(get('/')).untilHas('hello');
  await client.send(get('/bad')).untilHas('0-web-1-2');
  client.socket.end();
  expect(await client.outcome).toBe('fin');
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
});

test.each<[string, BackendTls, boolean]>([
  ['a certificate that is trusted', { ca: CERTIFICATE, servername: 'localhost' }, true],
  ['one that is not looked at', { rejectUnauthorized: false }, true],
  ['one that is not trusted', { servername: 'localhost' }, false],
  ['one of another name', { ca: CERTIFICATE, servername: 'elsewhere.test' }, false],
])('TLS towards the backend, with %s', async (_, backendTls, works) => {
  await using backend = await startAnswering({ host: '127.0.0.1', port: 0 }, true);
  await using served = await startTestProxy('http', UNUSED, [], { backendTls, backend: backend.endpoint });
  const client = await dial(served.proxy.address);
  client.send(get('/'));
  if (works) await client.untilHas('hello');
  else expect(await client.outcome).toBe('rst');
  expect(served.proxy.stats.backendFailures).toBe(works ? 0 : 1);
});

test.each<[string, Partial<ProxyOptions>]>([
  ['towards the client', { tls: TLS }],
  ['towards the backend', { backendTls: { rejectUnauthorized: false } }],
  ['on both sides', { tls: TLS, backendTls: { ca: CERTIFICATE, servername: 'shop.test' } }],
])('1 MiB passes both ways with TLS %s, and so does the end', async (_, more) => {
  await using backend = await startAnswering({ host: '127.0.0.1', port: 0 }, more.backendTls !== undefined);
  await using served = await startTestProxy('tcp', UNUSED, [], { ...more, backend: backend.endpoint });
  const client = more.tls ? dialTls(served) : await dial(served.proxy.address);
  const much = 'x'.repeat(1024 * 1024);
  client.send(much);
  await expect.poll(() => client.bytes.length).toBe(much.length);
  client.socket.end();
  expect(await client.outcome).toBe('fin');
  await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
});

test('a client with TLS sees a cut, whatever its form', async () => {
  for (const mode of ['rst', 'fin']) {
    await using backend = await startEcho();
    await using served = await startTestProxy('tcp', backend.address, [rule('dark', 'blackout', { mode })], {
      tls: TLS,
    });
    await dialTls(served).outcome;
    expect(served.faults.length).toBe(1);
    await expect.poll(() => served.proxy.stats.connectionsOpen).toBe(0);
  }
});

test('a client without TLS is no connection, and does not keep the proxy from closing', async () => {
  await using backend = await startEcho();
  const served = await startTestProxy('tcp', backend.address, [], { tls: TLS });
  const [silent, wrong] = [await dial(served.proxy.address), await dial(served.proxy.address)];
  await wrong.send('GET / HTTP/1.1\r\n\r\n').outcome;
  expect(served.proxy.stats.connectionsAccepted).toBe(0);
  await served.proxy.close();
  await silent.outcome;
});

test('a backend that does not answer the handshake in time is given up', async () => {
  await using backend = await startBackend(() => {});
  const more = { backendTls: { rejectUnauthorized: false }, limits: { connectMs: 50 } };
  await using served = await startTestProxy('tcp', backend.address, [], more);
  const client = await dial(served.proxy.address);
  expect(await client.outcome).toBe('rst');
  expect(served.proxy.stats.backendFailures).toBe(1);
});

test('a certificate that is none is an error of the configuration', async () => {
  const failure = startTestProxy('tcp', UNUSED, [], { tls: { key: 'x', cert: 'y' } });
  await expect(failure).rejects.toMatchObject({ code: 'ERR_CONFIG', message: expect.stringContaining("'web'") });
});
