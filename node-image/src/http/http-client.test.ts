import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { clientOf, serve } from './servers.test.fixture.ts';

/** Answers with what was asked, as JSON. */
function echo() {
  return serve(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: await text(request),
      }),
    );
  });
}

type Echo = { method: string; url: string; headers: Record<string, string>; body: string };

test('a JSON round trip', async () => {
  await using server = await echo();
  const { http, samples } = clientOf(server.url);
  await using _ = http;
  const response = await http.post('/items?page=2', { json: { name: 'tea' } });
  const asked = await response.json<Echo>();
  expect(asked).toMatchObject({ method: 'POST', url: '/items?page=2', body: '{"name":"tea"}' });
  expect(asked.headers).toMatchObject({ 'content-type': 'application/json', host: `127.0.0.1:${server.port}` });
  expect(response).toMatchObject({ status: 200, ok: true, name: 'POST /items', url: `${server.url}/items?page=2` });
  expect(response.headers.get('Content-Type')).toBe('application/json');
  expect(samples).toMatchObject([
    { name: 'POST /items', method: 'POST', status: 200, failed: false, error: undefined },
  ]);
});

test.each(['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const)(
  '%s sends its method',
  async (method) => {
    await using server = await serve((request, response) => response.setHeader('asked', request.method ?? '').end());
    const { http } = clientOf(server.url);
    await using _ = http;
    expect((await http[method]('/')).headers.get('asked')).toBe(method.toUpperCase());
  },
);

test('a method of any name, a name of one’s own, headers over defaults in any case', async () => {
  await using server = await echo();
  const { http, samples } = clientOf(`${server.url}/api/`, { headers: { 'User-Agent': 'loads', accept: '*/*' } });
  await using _ = http;
  const response = await http.request('propfind', 'tree', { name: 'walk', headers: { Accept: 'text/xml' } });
  expect(await response.json()).toMatchObject({
    method: 'PROPFIND',
    url: '/api/tree',
    headers: { 'user-agent': 'loads', accept: 'text/xml' },
  });
  expect(samples).toMatchObject([{ name: 'walk', method: 'PROPFIND' }]);
});

test.each([
  { body: 'añ', sent: 'añ', type: undefined },
  { body: new Uint8Array([104, 105]), sent: 'hi', type: undefined },
  { body: new URLSearchParams({ a: '1 2' }), sent: 'a=1+2', type: 'application/x-www-form-urlencoded;charset=UTF-8' },
  { body: '', sent: '', type: undefined },
])('a body of $body', async ({ body, sent, type }) => {
  await using server = await echo();
  const { http } = clientOf(server.url);
  await using _ = http;
  const asked = await (await http.put('/', { body })).json<Echo>();
  expect(asked.body).toBe(sent);
  expect(asked.headers['content-type']).toBe(type);
});

test('HEAD and 204 have no body and keep the connection', async () => {
  await using server = await serve((request, response) => {
    if (request.method === 'DELETE') response.writeHead(204).end();
    else response.setHeader('content-length', 5).end(request.method === 'HEAD' ? undefined : 'hello');
  });
  const { http } = clientOf(server.url);
  await using _ = http;
  const head = await http.head('/');
  expect(head.headers.get('content-length')).toBe('5');
  expect(await head.text()).toBe('');
  expect(await (await http.delete('/', { json: {} })).text()).toBe('');
  expect(await (await http.get('/')).text()).toBe('hello');
  expect(server.connections).toHaveLength(1);
});

test('a chunked body is put together, and can be read more than once', async () => {
  await using server = await serve((_request, response) => {
    response.write('\ufeff[1,');
    setImmediate(() => response.end('2]'));
  });
  const { http } = clientOf(server.url);
  await using _ = http;
  const response = await http.get('/');
  expect(await response.json()).toEqual([1, 2]);
  expect(await response.text()).toBe('[1,2]');
  expect(await response.bytes()).toHaveLength(8);
});

test('a body that is not JSON says how it starts', async () => {
  await using server = await serve((_request, response) => response.writeHead(502).end('<html>Bad gateway'));
  const { http } = clientOf(server.url);
  await using _ = http;
  const response = await http.get('/');
  await expect(response.json()).rejects.toThrow(`GET ${server.url}/ answered 502 without JSON: <html>Bad gateway`);
});

test('repeated headers are kept', async () => {
  await using server = await serve((_request, response) => response.setHeader('set-cookie', ['a=1', 'b=2']).end());
  const { http } = clientOf(server.url);
  await using _ = http;
  expect((await http.get('/')).headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

test('what cannot be meant rejects with a TypeError and is no request', async () => {
  const { http, samples } = clientOf(undefined);
  await using _ = http;
  await expect(http.get('/items')).rejects.toThrow(
    new TypeError("http.get('/items') needs a target: give -t/--target or an absolute URL"),
  );
  await expect(http.post('http://127.0.0.1/', { json: 1, body: 'x' })).rejects.toThrow(TypeError);
  expect(samples).toEqual([]);
});

test('a closed client lets the requests under way end and refuses further ones', async () => {
  await using server = await serve((_request, response) => setImmediate(() => response.end('ok')));
  const { http, samples } = clientOf(server.url);
  const pending = http.get('/');
  const closed = Promise.all([http.close(), http.close()]);
  expect(await (await pending).text()).toBe('ok');
  await closed;
  await expect(http.get('/')).rejects.toThrow('the client is closed');
  expect(samples).toHaveLength(1);
});
