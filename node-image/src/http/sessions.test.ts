import { expect, test } from 'vitest';
import { clientOf, serve } from './servers.test.fixture.ts';
import { overlaid, type SessionOptions } from './session-options.ts';

test('an inner session has the options of the outer one under its own, and connections of its own', async () => {
  await using server = await serve((request, response) => {
    response.end(`${request.headers['x-a']} ${request.headers['x-b']}`);
  });
  const { http, samples } = clientOf(server.url, { headers: { 'X-A': '1', 'x-b': '1' } });
  await using _ = http;
  await http.get('/');
  await using inner = http.session({ headers: { 'X-B': '2' } });
  expect(await (await inner.get('/')).text()).toBe('1 2');
  expect(server.connections).toHaveLength(2);
  expect(samples).toHaveLength(2);
});

test('inner sessions are closed with the outer one, and tell of their requests', async () => {
  await using server = await serve((_request, response) => void setImmediate(() => response.end('ok')));
  const opened: unknown[] = [];
  const { http, samples } = clientOf(server.url, { onSession: (session) => opened.push(session) });
  const inner = http.session().session();
  const pending = inner.get('/');
  await http.close();
  expect(await (await pending).text()).toBe('ok');
  await expect(inner.get('/')).rejects.toThrow('the client is closed');
  expect(() => http.session()).toThrow('closed');
  expect([opened.length, samples.length]).toEqual([2, 1]);
});

test.each([
  [{ username: 'ä', password: 'b:c' }, `Basic ${Buffer.from('ä:b:c').toString('base64')}`],
  [{ bearer: 't.o.k' }, 'Bearer t.o.k'],
])('%o is sent to the origin of the base URL alone', async (auth, header) => {
  await using server = await serve((request, response) => response.end(request.headers.authorization ?? ''));
  await using other = await serve((request, response) => response.end(request.headers.authorization ?? ''));
  const { http } = clientOf(server.url, { auth });
  await using _ = http;
  expect(await (await http.get('/')).text()).toBe(header);
  expect(await (await http.get(other.url)).text()).toBe('');
  expect(await (await http.get(other.url, { auth })).text()).toBe(header);
  expect(await (await http.get('/', { headers: { authorization: 'own' } })).text()).toBe('own');
  // Nor does it go on to another base URL.
  expect(await (await http.session({ baseUrl: other.url }).get('/')).text()).toBe('');
});

test('options that cannot be meant are refused when the session is made', () => {
  const { http } = clientOf('http://127.0.0.1:1');
  expect(() => clientOf(undefined, { auth: { bearer: 't' } })).toThrow('needs a base URL');
  expect(() => http.session({ proxy: 'proxy:3128' })).toThrow('proxy:');
  expect(() => http.session({ hosts: { a: 'no address' } })).toThrow('hosts:');
  expect(() => http.session({ dns: { ttlMs: -1 } })).toThrow('dns.ttlMs');
  expect(() => http.session({ tls: { cert: 'no certificate' } })).toThrow();
  expect(() => http.session({ auth: { username: 'a:b', password: '' } })).toThrow('colon');
});

test('an option that there is not is refused, and those that there are named', () => {
  expect(() => overlaid({}, { timeout: 3 } as SessionOptions)).toThrow(
    /^a session has no option 'timeout' \(did you mean 'timeoutMs'\?\): there are baseUrl/,
  );
});

test('options that are not given leave what the outer session has', () => {
  const outer = { baseUrl: 'http://h', auth: { bearer: 't' }, timeoutMs: 5, headers: { A: '1' } };
  expect(overlaid(outer, { timeoutMs: undefined, headers: { a: '2' } })).toEqual({ ...outer, headers: { a: '2' } });
});
