import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { requestExample } from './request-example.ts';
import { requestSample } from './samples.test.fixture.ts';

const withBodies = { withBodies: true };

function responseWith(headers: Readonly<Record<string, string | readonly string[]>>) {
  return requestSample({ head: { status: 200, headers, header: () => undefined, marked: false } });
}

test('a request is shown with its response, without secrets', () => {
  const sample = requestSample({
    name: 'log in',
    origin: 'http://shop',
    request: {
      method: 'POST',
      path: '/login?token=abc',
      headers: { authorization: 'Bearer abc', accept: '*/*' },
      body: Buffer.from('{"user":"joe","password":"x"}'),
    },
    head: {
      status: 503,
      headers: { 'set-cookie': ['a=1', 'b=2'], via: ['x', 'y'] },
      header: () => undefined,
      marked: false,
    },
    durationMs: 12.5,
  });
  const request = { name: 'log in', method: 'POST', url: 'http://shop/login?token=[redacted]', durationMs: 12.5 };
  const headers = { authorization: '[redacted]', accept: '*/*' };
  const response = { status: 503, headers: { 'set-cookie': '[redacted]', via: 'x, y' } };
  expect(requestExample(sample, [Buffer.from('bu'), Buffer.from('sy')], withBodies)).toEqual({
    ...{ ...request, headers, body: '{"user":"joe","password":"[redacted]"}' },
    response: { ...response, body: 'busy' },
  });
  expect(requestExample(sample, [Buffer.from('busy')], { withBodies: false })).toEqual({
    ...request,
    headers,
    response,
  });
});

test('without a response there is none', () => {
  const sample = requestSample({ head: { status: 0, headers: {}, header: () => undefined, marked: false } });
  expect(requestExample(sample, [], withBodies).response).toBeUndefined();
});

test('a body is cut, whole characters only', () => {
  const text = `a${'ä'.repeat(2000)}`;
  const { response } = requestExample(requestSample(), [Buffer.from(text)], withBodies);
  expect(response?.body).toBe(`a${'ä'.repeat(511)}… [bytes, 4001 bytes]`);
});

test('bytes are no text', () => {
  const sample = responseWith({ 'content-type': 'image/png' });
  const { response } = requestExample(sample, [Buffer.from([0x89, 0x50, 0, 1])], withBodies);
  expect(response?.body).toBe('[image/png, 4 bytes]');
});

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
])('a body in %s is shown as what it stands for, also where only its beginning is looked at', (encoding, compress) => {
  const sample = responseWith({ 'content-encoding': encoding });
  expect(requestExample(sample, [compress(Buffer.from('hello'))], withBodies).response?.body).toBe('hello');
  // Numbers that do not compress well.
  const long = Array.from({ length: 40_000 }, (_, i) => String((i * 7919) % 104_729)).join(' ');
  const { response } = requestExample(sample, [compress(Buffer.from(long))], withBodies);
  expect(response?.body?.startsWith(long.slice(0, 1000))).toBe(true);
  // Somebody has decoded it already.
  expect(requestExample(sample, [Buffer.from('hello')], withBodies).response?.body).toBe('hello');
});

test('an example is bounded, whatever a server sends', () => {
  const headers = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`x-${i}`, 'v'.repeat(5000)]));
  const request = { method: 'GET', path: `/${'p'.repeat(50_000)}`, headers, body: Buffer.alloc(1 << 20, 'b') };
  const sample = requestSample({ request, head: { status: 200, headers, header: () => undefined, marked: false } });
  const example = requestExample(sample, [Buffer.alloc(1 << 20, 'c')], withBodies);
  expect(JSON.stringify(example).length).toBeLessThan(25_000);
});
