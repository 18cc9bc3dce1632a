import { expect, test } from 'vitest';
import { clientOf, serve, type TestServer } from './servers.test.fixture.ts';

/** Answers with the cookies that came, and sets those of the query (`?a=1; Path=/x`, separated by `&`). */
function cookieServer(): Promise<TestServer> {
  return serve((request, response) => {
    const [, query = ''] = (request.url ?? '').split('?');
    if (query !== '') response.setHeader('set-cookie', query.split('&').map(decodeURIComponent));
    response.end(request.headers.cookie ?? '');
  });
}

test('cookies are kept and sent where they belong', async () => {
  await using server = await cookieServer();
  const { http } = clientOf(server.url);
  await using _ = http;
  expect(
    await (
      await http.get(
        '/?a=1&b=2;%20Path=/x&c=3;%20Expires=Thu,%2001%20Jan%202026%2000:00:00%20GMT&d=4;%20Domain=example.com',
      )
    ).text(),
  ).toBe('');
  expect(await (await http.get('/')).text()).toBe('a=1');
  expect(await (await http.get('/x/y')).text()).toBe('b=2; a=1');
  expect(await (await http.get('/?a=9;%20Max-Age=0')).text()).toBe('a=1');
  expect(await (await http.get('/')).text()).toBe('');
});

test('a cookie that a redirect sets is sent to where it leads', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/login') response.writeHead(302, { location: '/home', 'set-cookie': 'sid=7' }).end();
    else response.end(request.headers.cookie ?? '');
  });
  const { http } = clientOf(server.url);
  await using _ = http;
  expect(await (await http.post('/login')).text()).toBe('sid=7');
});

test('they can be read and written', async () => {
  await using server = await cookieServer();
  const { http } = clientOf(server.url);
  await using _ = http;
  expect(await http.cookies.all()).toEqual({});
  await http.cookies.set('a', '1');
  await http.cookies.set('b', '2', { path: '/x', maxAge: 60 });
  expect(await (await http.get('/x')).text()).toBe('b=2; a=1');
  await http.get('/?sid=7;%20HttpOnly');
  expect(await http.cookies.get('sid')).toBe('7');
  expect(await http.cookies.all('/x')).toEqual({ a: '1', b: '2', sid: '7' });
  expect(await http.cookies.all('http://elsewhere.test/')).toEqual({});
  await expect(http.cookies.set('a', '1', { domain: 'example.com' })).rejects.toThrow();
  await http.cookies.clear();
  expect(await (await http.get('/x')).text()).toBe('');
});

test('a request has cookies of its own, or none', async () => {
  await using server = await cookieServer();
  const { http } = clientOf(server.url);
  await using _ = http;
  await http.get('/?a=1&b=2');
  expect(await (await http.get('/', { cookies: { b: 'own', c: '3' } })).text()).toBe('a=1; b=own; c=3');
  expect(await (await http.get('/', { headers: { Cookie: 'x=y' } })).text()).toBe('x=y');
  expect(await (await http.get('/?z=1', { cookies: false })).text()).toBe('');
  expect(await (await http.get('/')).text()).toBe('a=1; b=2');
});

test('each session has its own, and one without keeps none', async () => {
  await using server = await cookieServer();
  const { http } = clientOf(server.url);
  await using _ = http;
  await http.get('/?a=1');
  const inner = http.session();
  expect(await (await inner.get('/?b=2')).text()).toBe('');
  expect(await (await inner.get('/')).text()).toBe('b=2');
  expect(await (await http.get('/')).text()).toBe('a=1');
  const none = http.session({ cookies: false });
  await none.get('/?c=3');
  expect(await (await none.get('/')).text()).toBe('');
});

test('what is no cookie is ignored, and a flood of them is not kept', async () => {
  await using server = await serve((request, response) => {
    const [, from = '0'] = (request.url ?? '').split('?');
    const more = Array.from({ length: 100 }, (_, i) => `c${Number(from) + i}=1`);
    response.setHeader('set-cookie', from === 'bad' ? ['', '=', 'just words', 'a=1; Expires=never'] : more);
    response.end();
  });
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  await http.get('/?bad');
  for (let i = 0; i < 5; i += 1) await http.get(`/x?${100 * i}`, { cookies: undefined });
  expect(Object.keys(await http.cookies.all()).length).toBeLessThanOrEqual(301);
  expect(samples.every(({ failed }) => !failed)).toBe(true);
});
