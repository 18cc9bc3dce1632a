import { expect, test } from 'vitest';
import { Vaurien } from '../vaurien.ts';
import { TestApi } from './api.test.support.ts';
import { isLoopback } from './loopback.ts';
import { openControl } from './open-control.ts';

test.each([
  [{ Origin: 'http://evil.example' }],
  [{ Origin: 'null' }],
  [{ 'Sec-Fetch-Site': 'cross-site' }],
  [{ 'Sec-Fetch-Site': 'same-site' }],
  [{ 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)' }],
])('a request with %j comes from a browser page and is refused', async (headers) => {
  await using api = await TestApi.start();
  const { status, body } = await api.send('PUT', '/behavior', { name: 'error' }, headers);
  expect(status).toBe(403);
  expect(body).toMatchObject({ status: 'error', errors: [{ location: 'header' }] });
  expect(api.proxy.behavior.version).toBe(0);
});

test.each([[{ 'Sec-Fetch-Site': 'none' }], [{ 'Sec-Fetch-Site': 'same-origin' }], [{ 'User-Agent': 'curl/8.5.0' }]])(
  'a request with %j is served',
  async (headers) => {
    await using api = await TestApi.start();
    expect((await api.send('GET', '/behavior', undefined, headers)).status).toBe(200);
  },
);

test.each([
  [undefined, 401],
  ['Bearer secreT', 401],
  ['Bearer secret-and-more', 401],
  ['Basic secret', 401],
  ['Bearer secret', 200],
  ['bearer secret', 200],
])('with a token, Authorization %j gives %d', async (authorization, status) => {
  await using api = await TestApi.start({}, 'secret');
  const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
  const answer = await api.send('GET', '/behavior', undefined, headers);
  expect(answer.status).toBe(status);
  if (status === 401) expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
  expect((await api.send('GET', '/health')).status).toBe(200);
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['example.com', false],
])('%s is the loopback: %j', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test('any address but the loopback demands a token', async () => {
  await using vaurien = new Vaurien();
  const options = { vaurien, version: '2.0', host: '0.0.0.0' };
  await expect(openControl(options)).rejects.toMatchObject({
    code: 'ERR_CONFIG',
    message: expect.stringContaining('needs a token'),
  });
  await using server = await openControl({ ...options, token: 'secret' });
  expect(server.address.port).toBeGreaterThan(0);
});
