import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { active } from '../api/active.ts';
import { createHttpClient } from '../http/create-http-client.ts';
import type { RequestSample } from '../http/request-sample.ts';
import { closedPort, serve } from '../http/servers.test.fixture.ts';
import { measuredFetch, requestErrorOf } from './measured-fetch.ts';

const native = (): never => {
  throw new Error('the native fetch was called');
};
const measured = measuredFetch(native);

/** Runs what a test does with `fetch`; gives the requests that were measured. */
async function within(run: (fetch: typeof globalThis.fetch) => Promise<unknown>): Promise<readonly RequestSample[]> {
  const samples: RequestSample[] = [];
  await using http = createHttpClient({
    signal: new AbortController().signal,
    onRequest: (sample) => void samples.push(sample),
  });
  await active.run({ check: (one) => one, http: () => http }, () => run(measured));
  return samples;
}

test('a request is measured under its named path, and answered by a Response', async () => {
  const asked: unknown[] = [];
  await using server = await serve((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push([request.method, request.headers['content-type'], request.headers['x-a'], body]);
      response.writeHead(request.method === 'DELETE' ? 204 : 201, { 'set-cookie': ['a=1', 'b=2'] });
      response.end(request.method === 'DELETE' ? undefined : '{"id":7}');
    });
  });
  const samples = await within(async (fetch) => {
    const response = await fetch(`${server.url}/items/17?x=1`, { method: 'post', body: '{}', headers: { 'X-A': 'b' } });
    expect(response).toBeInstanceOf(Response);
    expect([response.status, response.statusText, response.ok, response.url]).toEqual([
      201,
      'Created',
      true,
      `${server.url}/items/17?x=1`,
    ]);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.clone().json()).toEqual({ id: 7 });
    const request = new Request(`${server.url}/form`, { method: 'PUT', body: new URLSearchParams({ a: '1' }) });
    expect(await (await fetch(request)).text()).toBe('{"id":7}');
    const deleted = await fetch(new URL('/items/18', server.url), { method: 'DELETE', headers: [['x-a', 'c']] });
    expect([deleted.status, deleted.body]).toEqual([204, null]);
  });
  expect(samples.map(({ name }) => name)).toEqual(['POST /items/:id', 'PUT /form', 'DELETE /items/:id']);
  expect(asked).toEqual([
    ['POST', 'text/plain;charset=UTF-8', 'b', '{}'],
    ['PUT', 'application/x-www-form-urlencoded;charset=UTF-8', undefined, 'a=1'],
    ['DELETE', undefined, 'c', ''],
  ]);
});

test('redirects are followed as fetch does, each measured, and not for ever', async () => {
  const asked: string[] = [];
  await using server = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.url === '/end') response.end('there');
    else
      response
        .writeHead(request.url === '/see' ? 303 : 307, { location: request.url === '/loop' ? '/loop' : '/end' })
        .end();
  });
  const samples = await within(async (fetch) => {
    const response = await fetch(`${server.url}/see`, { method: 'POST', body: 'x' });
    expect([await response.text(), response.redirected, response.url]).toEqual(['there', true, `${server.url}/end`]);
    await fetch(`${server.url}/keep`, { method: 'POST', body: 'x' });
    expect((await fetch(`${server.url}/see`, { redirect: 'manual' })).status).toBe(303);
    await expect(fetch(`${server.url}/see`, { redirect: 'error' })).rejects.toThrow(TypeError);
    await expect(fetch(`${server.url}/loop`)).rejects.toMatchObject({ cause: { message: 'redirect count exceeded' } });
  });
  expect(asked.slice(0, 4)).toEqual(['POST /see', 'GET /end', 'POST /keep', 'POST /end']);
  expect(samples).toHaveLength(2 + 2 + 1 + 1 + 21);
});

test('an encoded body is decoded', async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello'));
  });
  await within(async (fetch) => expect(await (await fetch(server.url)).text()).toBe('hello'));
});

test('what fails is a TypeError with the cause of the network, and known as a failed request', async () => {
  const port = await closedPort();
  const samples = await within(async (fetch) => {
    const error: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ name: 'TypeError', message: 'fetch failed', cause: { code: 'ECONNREFUSED' } });
    expect(requestErrorOf(error)?.failure).toBe('refused');
    expect(requestErrorOf(new TypeError('fetch failed'))).toBeUndefined();
  });
  expect(samples).toMatchObject([{ failure: 'refused' }]);
});

test('an abort ends the wait with its reason', async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await using server = await serve(async (_, response) => {
    arrived.resolve();
    await answer.promise;
    response.end();
  });
  await within(async (fetch) => {
    const abort = new AbortController();
    const done = fetch(server.url, { signal: abort.signal });
    await arrived.promise;
    abort.abort(new Error('too slow'));
    await expect(done).rejects.toThrow('too slow');
    await expect(fetch(server.url, { signal: abort.signal })).rejects.toThrow('too slow');
    answer.resolve();
  });
});

test('where no worker is at work the native fetch is called', () => {
  expect(() => measured('http://127.0.0.1/')).toThrow('the native fetch was called');
});
