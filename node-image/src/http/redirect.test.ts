import { expect, test } from 'vitest';
import { RedirectError, redirected } from './redirect.ts';
import { clientOf, serve } from './servers.test.fixture.ts';

const POST = {
  method: 'POST',
  path: '/a/b?x=1',
  headers: { 'content-type': 'text/plain', authorization: 'Bearer t', cookie: 'a=1', accept: '*/*' },
  body: Buffer.from('x'),
};

test.each([
  // 303 goes on as GET, but HEAD stays HEAD; 301 and 302 turn POST alone into GET (Fetch standard).
  [303, 'POST', 'GET'],
  [303, 'PUT', 'GET'],
  [303, 'HEAD', 'HEAD'],
  [301, 'POST', 'GET'],
  [302, 'POST', 'GET'],
  [302, 'PUT', 'PUT'],
  [307, 'POST', 'POST'],
  [308, 'DELETE', 'DELETE'],
])('%i after %s asks with %s', (status, method, next) => {
  const { request } = redirected({ ...POST, method }, 'http://h', status, '/c');
  expect(request.method).toBe(next);
  const keeps = next === method;
  expect([request.body !== null, 'content-type' in request.headers]).toEqual([keeps, keeps]);
});

test.each([
  ['c', 'http://h:1', '/a/c'],
  ['?y=2', 'http://h:1', '/a/b?y=2'],
  ['//other/z', 'http://other', '/z'],
  ['https://h:1/#part', 'https://h:1', '/'],
])('the location %s', (location, origin, path) => {
  const next = redirected(POST, 'http://h:1', 307, location);
  expect([next.origin, next.request.path]).toEqual([origin, path]);
});

test('credentials stay with their origin, of which the scheme and the port are parts', () => {
  for (const [location, kept] of [
    ['/c', true],
    ['http://h:2/', false],
    ['https://h:1/', false],
  ] as const) {
    const { headers } = redirected(POST, 'http://h:1', 307, location).request;
    expect('authorization' in headers && 'cookie' in headers).toBe(kept);
    expect(headers.accept).toBe('*/*');
  }
});

test.each(['ftp://h/', 'javascript:alert(1)', 'http://', 'file:///etc/passwd'])('%s leads nowhere', (location) => {
  expect(() => redirected(POST, 'http://h', 302, location)).toThrow(RedirectError);
});

test('redirects are followed, each a sample of its own, in one time limit', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/form') response.writeHead(303, { location: '/items/17' }).end();
    else if (request.url === '/items/17') response.writeHead(307, { location: '/end' }).end();
    else response.end(`${request.method} ${request.headers['x-a']}`);
  });
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  const response = await http.post('/form', {
    body: 'a',
    headers: { 'x-a': 'b' },
    expectStatus: (status) => status === 200,
  });
  expect(await response.text()).toBe('GET b');
  expect([response.url, response.redirected, response.name]).toEqual([`${server.url}/end`, true, 'GET /end']);
  expect(samples.map(({ name, status, failed }) => [name, status, failed])).toEqual([
    ['POST /form', 303, false],
    ['GET /items/:id', 307, false],
    ['GET /end', 200, false],
  ]);
  expect((await http.post('/form', { name: 'shop' })).name).toBe('shop');
  expect(samples.slice(3).map(({ name }) => name)).toEqual(['shop', 'shop', 'shop']);
  expect(server.connections).toHaveLength(1);
});

test('a redirect is the response where it is asked for, by the request or its session', async () => {
  await using server = await serve((_request, response) => response.writeHead(302, { location: '/other' }).end());
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  const response = await http.get('/', { redirect: 'manual' });
  expect([response.status, response.ok, response.redirected, response.headers.get('location')]).toEqual([
    302,
    true,
    false,
    '/other',
  ]);
  expect((await http.session({ redirect: 'manual' }).get('/')).status).toBe(302);
  expect(samples).toHaveLength(2);
});

test('what says nothing of where to is a response', async () => {
  await using server = await serve((request, response) =>
    response.writeHead(Number(request.url?.slice(1)), request.url === '/304' ? { location: '/' } : {}).end(),
  );
  const { http } = clientOf(server.url);
  await using _ = http;
  for (const status of [300, 302, 304]) expect((await http.get(`/${status}`)).status).toBe(status);
});

test('endless redirects are a failure of their own class, after 10', async () => {
  await using server = await serve((_request, response) => response.writeHead(302, { location: '/' }).end());
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  await expect(http.get('/')).rejects.toMatchObject({
    failure: 'redirect',
    message: `GET ${server.url}/ failed: more than 10 redirects`,
  });
  expect(samples.map(({ failure }) => failure)).toEqual([...Array(10).fill(undefined), 'redirect']);
  await expect(http.get('/', { maxRedirects: 0 })).rejects.toThrow('more than 0 redirects');
});

test('a redirect that leads nowhere fails', async () => {
  await using server = await serve((_request, response) => response.writeHead(302, { location: 'ftp://h/' }).end());
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  await expect(http.get('/')).rejects.toMatchObject({ failure: 'redirect' });
  expect(samples).toMatchObject([{ status: 302, failed: true, failure: 'redirect' }]);
});

test('the time limit is for all of them, and the error says so', async () => {
  let asked = 0;
  await using server = await serve((_request, response) => {
    asked += 1;
    if (asked < 3) setTimeout(() => response.writeHead(302, { location: '/' }).end(), 400);
  });
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  await expect(http.get('/', { timeout: 1000 })).rejects.toThrow('no complete response within 1000 ms');
  // With a limit for each it would be 1800.
  expect((samples.at(-1)?.endMs ?? 0) - (samples[0]?.startMs ?? 0)).toBeLessThan(1500);
});

test('a redirect to another origin brings neither credentials nor cookies there', async () => {
  await using other = await serve((request, response) =>
    response.end(`${request.headers.authorization} ${request.headers.cookie}`),
  );
  await using server = await serve((request, response) => {
    if (request.url === '/in') response.writeHead(302, { location: other.url, 'set-cookie': 'a=1' }).end();
    else response.end(`${request.headers.authorization} ${request.headers.cookie}`);
  });
  // Cookies do not know ports: another host name is another host to them.
  const { http } = clientOf(server.url.replace('127.0.0.1', 'localhost'), { auth: { bearer: 't' } });
  await using _ = http;
  expect(await (await http.get('/in')).text()).toBe('undefined undefined');
  expect(await (await http.get('/')).text()).toBe('Bearer t a=1');
});
