import { expect, test } from 'vitest';
import { bufferedResponse } from './buffered-response.ts';

function responseOf(text: string | null, type = 'text/plain'): Response {
  const bytes = text === null ? null : new TextEncoder().encode(text);
  const headers = new Headers({ 'content-type': type });
  const status = text === null ? 204 : 200;
  return bufferedResponse({ status, bytes, headers: () => headers, url: 'http://h/', redirected: false });
}

test('a body can be read in every way that a Response has', async () => {
  const text = '\uFEFF{"a":"é"}';
  expect(await responseOf(text).text()).toBe('{"a":"é"}');
  expect(await responseOf(text).json()).toEqual({ a: 'é' });
  expect(new TextDecoder().decode(await responseOf(text).bytes())).toBe('{"a":"é"}');
  expect((await responseOf(text).arrayBuffer()).byteLength).toBe(13);
  const blob = await responseOf(text, 'application/json').blob();
  expect([blob.size, blob.type]).toEqual([13, 'application/json']);
  const form = await responseOf('a=1', 'application/x-www-form-urlencoded').formData();
  expect(form.get('a')).toBe('1');
  expect(await new Response(responseOf(text).body).json()).toEqual({ a: 'é' });
  await expect(responseOf('{').json()).rejects.toThrow(SyntaxError);
});

test('it can be read once, by whichever way, and a clone once more', async () => {
  const response = responseOf('hello');
  const clone = response.clone();
  expect(response.bodyUsed).toBe(false);
  await response.text();
  expect(response.bodyUsed).toBe(true);
  await expect(response.json()).rejects.toThrow(TypeError);
  await expect(async () => await response.blob()).rejects.toThrow(TypeError);
  expect(() => response.clone()).toThrow(TypeError);
  expect(await clone.text()).toBe('hello');

  const streamed = responseOf('hello');
  streamed.body?.getReader();
  await expect(streamed.text()).rejects.toThrow(TypeError);
});

test('without a body there is nothing to read, as often as one likes', async () => {
  const response = responseOf(null);
  expect([response.body, await response.text(), await response.text(), response.bodyUsed]).toEqual([
    null,
    '',
    '',
    false,
  ]);
});
