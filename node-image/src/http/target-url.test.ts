import { expect, test } from 'vitest';
import { parseBaseUrl, resolveTarget } from './target-url.ts';

test.each([
  ['http://h:8080', '/items', 'http://h:8080/items'],
  ['http://h/', '/items?q=a%20b', 'http://h/items?q=a%20b'],
  ['http://h/api/', '/items', 'http://h/api/items'],
  ['http://h/api', 'items', 'http://h/api/items'],
  ['http://h/api', '', 'http://h/api'],
  ['http://h', '', 'http://h/'],
  ['http://h/api', '?page=2', 'http://h/api?page=2'],
  ['http://h/api?x=1#y', '/items#top', 'http://h/api/items'],
  ['http://h/api', '/a/../b', 'http://h/api/b'],
  ['http://h', '/a b/é', 'http://h/a%20b/%C3%A9'],
  ['http://h', '//other/x', 'http://other/x'],
  ['http://h', 'https://other:444/x?y', 'https://other:444/x?y'],
  ['http://h:80', '/', 'http://h/'],
])('%s and %s is %s', (base, url, expected) => {
  const { origin, path } = resolveTarget('GET', url, parseBaseUrl(base));
  expect(origin + path).toBe(expected);
});

test('a URL object needs no base', () => {
  expect(resolveTarget('GET', new URL('http://h/x?y#z'), undefined)).toEqual({ origin: 'http://h', path: '/x?y' });
});

test.each([
  ['ftp://h/x', "expected an absolute http(s) URL, got 'ftp://h/x'"],
  ['http://', "expected an absolute http(s) URL, got 'http://'"],
  ['http://me:secret@h/x', 'a URL with user and password is not sent: give an authorization header for http://h'],
])('%s is refused', (url, message) => {
  expect(() => resolveTarget('GET', url, undefined)).toThrow(new TypeError(message));
  expect(() => parseBaseUrl(url)).toThrow(new TypeError(message));
});
