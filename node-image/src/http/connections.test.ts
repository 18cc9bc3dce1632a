import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from './self-signed.test.fixture.ts';
import { clientOf, closedPort, listen, serve, serveTls } from './servers.test.fixture.ts';
import { socksServer } from './tunnel/socks-server.test.fixture.ts';

test('a Unix socket takes all requests, and one that is not there refuses them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loads-sock-'));
  const socketPath = join(folder, 'shop.sock');
  const server = createServer((request, response) => response.end(`${request.headers.host}${request.url}`));
  const listening = await listen(server, { path: socketPath });
  const { http, samples } = clientOf('http://shop.test/api', { socketPath });
  expect(await (await http.get('/items')).text()).toBe('shop.test/api/items');
  expect(await (await http.get('http://other.test:81/')).text()).toBe('other.test:81/');
  await http.close();
  await listening[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
  expect(samples[0]?.opening?.connectMs).toBeGreaterThanOrEqual(0);
  const gone = clientOf('http://shop.test', { socketPath });
  await using _ = gone.http;
  await expect(gone.http.get('/')).rejects.toMatchObject({ failure: 'refused', reason: 'there is no such socket' });
});

test('a name is pinned to an address, for one port or for all, and its own name is still told', async () => {
  await using server = await serve((request, response) => response.end(request.headers.host));
  const hosts = { 'shop.test': '127.0.0.1', 'Pay.test:80': `127.0.0.1:${server.port}` };
  const { http } = clientOf(`http://shop.test:${server.port}`, { hosts });
  await using _ = http;
  expect(await (await http.get('/')).text()).toBe(`shop.test:${server.port}`);
  expect(await (await http.get('http://pay.test/')).text()).toBe('pay.test');
});

test('what is pinned still goes through the chaos proxy', async () => {
  await using proxy = await serve((_request, response) => response.end('proxied'));
  const dial = new Map([['shop.test:80', { host: '127.0.0.1', port: proxy.port }]]);
  const { http } = clientOf('http://shop.test', { dial, hosts: { 'shop.test': '127.0.0.2' } });
  await using _ = http;
  expect(await (await http.get('/')).text()).toBe('proxied');
});

test('a certificate is shown to a server that asks for one, also with an encrypted key', async () => {
  const asking = { requestCert: true, ca: CERTIFICATE };
  await using server = await serveTls((request, response) => {
    response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN);
  }, asking);
  const shown = { ca: CERTIFICATE, cert: CERTIFICATE };
  const encrypted = String(
    createPrivateKey(PRIVATE_KEY).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'tea' }),
  );
  for (const tls of [
    { ...shown, key: PRIVATE_KEY },
    { ...shown, key: encrypted, passphrase: 'tea' },
  ]) {
    const { http } = clientOf(server.url, { tls });
    await using _ = http;
    expect(await (await http.get('/')).text()).toBe('shop.test');
  }
  expect(() => clientOf(server.url, { tls: { ...shown, key: encrypted, passphrase: 'coffee' } })).toThrow();
  const { http, samples } = clientOf(server.url, { tls: { ca: CERTIFICATE } });
  await using _ = http;
  await expect(http.get('/')).rejects.toMatchObject({ failure: 'tls' });
  expect(samples).toMatchObject([{ failed: true, failure: 'tls', status: 0 }]);
});

test('the name that is checked is the one of the URL, or the one that is given', async () => {
  await using server = await serveTls((request, response) => {
    response.end(String((request.socket as TLSSocket & { servername: string }).servername));
  });
  const url = server.url.replace('localhost', '127.0.0.1');
  const { http } = clientOf(url, { tls: { ca: CERTIFICATE } });
  await using _ = http;
  await expect(http.get('/')).rejects.toMatchObject({
    failure: 'tls',
    cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  });
  const named = http.session({ tls: { ca: CERTIFICATE, servername: 'shop.test' } });
  expect(await (await named.get('/')).text()).toBe('shop.test');
  await expect(http.session({ tls: { ca: CERTIFICATE, servername: 'other.test' } }).get('/')).rejects.toMatchObject({
    failure: 'tls',
  });
});

test('versions of TLS that do not meet are a failure', async () => {
  await using server = await serveTls(
    (request, response) => response.end((request.socket as TLSSocket).getProtocol() ?? ''),
    { maxVersion: 'TLSv1.2' },
  );
  const { http } = clientOf(server.url, { tls: { ca: CERTIFICATE, minVersion: 'TLSv1.3' } });
  await using _ = http;
  await expect(http.get('/')).rejects.toMatchObject({ failure: 'tls' });
  const older = http.session({ tls: { ca: CERTIFICATE, maxVersion: 'TLSv1.2' } });
  expect(await (await older.get('/')).text()).toBe('TLSv1.2');
});

test('a proxy that refuses to connect fails the request', async () => {
  await using server = await serveTls((_request, response) => response.end());
  const proxy = createServer();
  proxy.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Who are you?\r\ncontent-length: 0\r\n\r\n'));
  await using listening = await listen(proxy);
  const { http, samples } = clientOf(server.url, {
    proxy: `http://127.0.0.1:${listening.port}`,
    tls: { ca: CERTIFICATE },
  });
  await using _ = http;
  await expect(http.get('/')).rejects.toThrow(/407/);
  expect(samples).toMatchObject([{ failed: true, status: 0 }]);
});

test('a SOCKS5 proxy is given the name, wants to know who asks, and says what it cannot reach', async () => {
  await using server = await serve((_request, response) => response.end('tea'));
  const asked: string[] = [];
  await using socks = await listen(
    socksServer((address) => asked.push(address), { username: 'ann', password: 'p@ss' }),
  );
  const { http, samples } = clientOf(`http://shop.test:${server.port}`, {
    proxy: `socks5://ann:p%40ss@127.0.0.1:${socks.port}`,
  });
  await using _ = http;
  for (let i = 0; i < 20; i++) expect(await (await http.get('/')).text()).toBe('tea');
  expect(new Set(asked)).toEqual(new Set([`shop.test:${server.port}`]));
  // Connections are kept.
  expect(asked.length).toBeLessThanOrEqual(6);
  const stranger = http.session({ proxy: `socks5://ann:guess@127.0.0.1:${socks.port}` });
  await expect(stranger.get('/')).rejects.toThrow(/does not take the username/);
  const nowhere = http.session({ baseUrl: `http://shop.test:${await closedPort()}` });
  await expect(nowhere.get('/')).rejects.toMatchObject({ failure: 'refused' });
  const alone = http.session({ proxy: `socks5://127.0.0.1:${await closedPort()}` });
  await expect(alone.get('/')).rejects.toMatchObject({ failure: 'refused' });
  expect(samples.map(({ failed }) => failed)).toEqual([...Array<boolean>(20).fill(false), true, true, true]);
});
