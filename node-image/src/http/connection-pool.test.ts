import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { CERTIFICATE } from './self-signed.test.fixture.ts';
import { clientOf, serve, serveTcp, serveTls } from './servers.test.fixture.ts';

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
  const connecting = Array.from({ length: 6 }, () => http.get('/', { timeout: 60 }));
  const impatient = http.get('/', { timeout: 20 });
  const patient = http.get('/', { timeout: 200 });
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
