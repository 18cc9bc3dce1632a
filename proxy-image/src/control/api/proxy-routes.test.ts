import { formatAddress, parseAddress } from '@loads/core';
import { expect, test } from 'vitest';
import { startHttpBackend } from '../../proxy/peers.test.support.ts';
import { TestApi } from './api.test.support.ts';

test('a proxy is started, used and removed', async () => {
  await using api = await TestApi.start();
  const entry = {
    name: 'two',
    backend: formatAddress(api.backend.address),
    protocol: 'http',
    behavior: '100:error',
    code: 503,
  };
  const created = await api.send('POST', '/proxies', entry);
  expect([created.status, created.body]).toMatchObject([201, { name: 'two', behavior: { behavior: '100:error' } }]);
  const url = `http://${created.body.proxy}/`;
  expect((await fetch(url, { headers: { Connection: 'close' } })).status).toBe(503);
  expect((await api.send('GET', '/proxies')).body).toMatchObject({
    proxies: [{ name: 'web' }, { name: 'two', stats: { faults: 1 } }],
  });
  expect((await api.send('DELETE', '/proxies/two')).body).toEqual({ status: 'ok' });
  expect((await api.send('GET', '/proxies/two')).status).toBe(404);
  await expect(fetch(url)).rejects.toThrow();
});

test.each([
  [{ name: 'web', backend: 'localhost:1' }, 409, ['name']],
  [{ backend: 'localhost:1', protocol: 'htp' }, 400, ['name', 'protocol']],
  [{ name: 'a b', backend: 'nowhere', pool_max_size: 0, code: 1 }, 400, ['name', 'backend', 'pool_max_size', 'code']],
  [{ name: 'two' }, 400, ['backend']],
  [{ name: 'two', backend: 'no.such.host.invalid:80' }, 400, ['backend']],
  [
    { name: 'two', backend: 'localhost:1', schedule: [{ at: 'x', for: '1s', behavior: 'hang' }] },
    400,
    ['schedule.0.at'],
  ],
])('%j gives %d for %j', async (body, status, names) => {
  await using api = await TestApi.start();
  const answer = await api.send('POST', '/proxies', body);
  expect(answer.status).toBe(status);
  expect((answer.body.errors as { name: string }[]).map(({ name }) => name)).toEqual(names);
  expect(api.vaurien.proxies).toHaveLength(1);
});

test('a port that is taken is a conflict, and the name stays free', async () => {
  await using api = await TestApi.start();
  const backend = formatAddress(api.backend.address);
  const taken = await api.send('POST', '/proxies', { name: 'two', backend, proxy: backend });
  expect([taken.status, taken.body]).toMatchObject([
    409,
    { errors: [{ description: expect.stringContaining('cannot listen') }] },
  ]);
  expect((await api.send('POST', '/proxies', { name: 'two', backend })).status).toBe(201);
});

test('the backend is told and changed', async () => {
  await using api = await TestApi.start();
  await using other = await startHttpBackend();
  expect((await api.send('GET', '/backend')).body).toEqual({ backend: formatAddress(api.backend.address) });
  const backend = formatAddress(other.address);
  expect((await api.send('PUT', '/backend', { backend })).body).toEqual({ status: 'ok', backend });
  expect(await api.ask()).toBe(200);
  expect([api.backend.peers.length, other.peers.length]).toEqual([0, 1]);
});

test.each([
  ['{', ''],
  [{}, 'backend'],
  [{ backend: 'localhost' }, 'backend'],
  [{ backend: 'localhost:0' }, 'backend'],
  [{ backend: 'no.such.host.invalid:80' }, 'backend'],
])('the backend %j is refused', async (body, name) => {
  await using api = await TestApi.start();
  const answer = await api.send('PUT', '/backend', body);
  expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ location: 'body', name }] }]);
  expect(api.proxy.backend).toEqual(api.backend.address);
});

test('open connections are listed with the faults on them', async () => {
  await using api = await TestApi.start({ behavior: 'hang' });
  const leave = new AbortController();
  const { host, port } = api.proxy.address;
  const asked = fetch(`http://${host}:${port}/`, { signal: leave.signal }).catch(() => undefined);
  const list = async (): Promise<unknown> => (await api.send('GET', '/connections')).body;
  await expect.poll(list).toMatchObject({
    connections: [{ connection: 1, client: expect.stringMatching(/^127\.0\.0\.1:\d+$/), faults: ['always'] }],
  });
  leave.abort();
  await asked;
  await expect.poll(list).toEqual({ connections: [] });
});

test('a change can cut the connections that are open', async () => {
  await using api = await TestApi.start({ behavior: 'hang' });
  const asked = fetch(`http://${formatAddress(api.proxy.address)}/`).then(
    () => 'answered',
    () => 'cut',
  );
  await expect.poll(() => api.proxy.connections.length).toBe(1);
  await api.send('PUT', '/behavior', { name: '1:dummy', resetOpen: true });
  expect(await asked).toBe('cut');
});

test('proxies can be named by the port that they listen on', async () => {
  await using api = await TestApi.start();
  const port = parseAddress(String((await api.send('GET', '/proxies/web')).body.proxy))?.port;
  expect((await api.send('GET', `/${port}/backend`)).status).toBe(200);
});
