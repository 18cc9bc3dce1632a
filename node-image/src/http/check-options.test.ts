import { expect, test } from 'vitest';
import { checkOptions } from './check-options.ts';
import { clientOf } from './servers.test.fixture.ts';

test('options that there are pass, given or not', () => {
  const none = { name: undefined, timeout: undefined, expectStatus: undefined };
  const sent = { headers: {}, json: {}, body: '', compress: 'gzip', auth: { bearer: 't' }, cookies: false } as const;
  for (const options of [{}, none, sent, { redirect: 'manual', maxRedirects: 1, expectStatus: 404 } as const])
    expect(() => checkOptions(options)).not.toThrow();
});

test.each([
  [{ heders: {} }, "a request has no option 'heders' (did you mean 'headers'?): there are name, headers"],
  [{ name: 'x', timeoutMs: 5 }, "a request has no option 'timeoutMs' (did you mean 'timeout'?)"],
  [{ tls: undefined }, "a request has no option 'tls'"],
  [{ expectStatus: '404' }, '`expectStatus` takes a status'],
  [{ expectStatus: [200, '404'] }, '`expectStatus` takes a status'],
  [{ expectStatus: [] }, '`expectStatus` takes a status'],
])('%j is refused, and is no request', async (options, says) => {
  const { http, samples } = clientOf('http://127.0.0.1:1');
  await using _ = http;
  const refused = http.get('/items', options as object);
  await expect(refused).rejects.toThrow(TypeError);
  await expect(refused).rejects.toThrow(says);
  expect(samples).toEqual([]);
});
