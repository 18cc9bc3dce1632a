import { expect, test } from 'vitest';
import { parseTags } from './parse-tags.ts';

test.each<[string, ':' | '=', Record<string, string>]>([
  ['', ':', {}],
  ['a:1', ':', { a: '1' }],
  ['a:1,b:2', ':', { a: '1', b: '2' }],
  ['a=1,b=2', '=', { a: '1', b: '2' }],
  // parted at the first separator
  ['url:http://x:80/', ':', { url: 'http://x:80/' }],
  ['flag', ':', { flag: 'true' }],
  ['a:', ':', { a: '' }],
  [',,a:1,,', ':', { a: '1' }],
  ['a:1,a:2', ':', { a: '2' }],
  ['constructor:1', ':', { constructor: '1' }],
])('%j gives %j tags %j', (list, separator, expected) => {
  const tags: Record<string, string> = {};
  parseTags(list, separator, tags);
  expect(tags).toEqual(expected);
});

test.each([':1', 'a:1,:2', '__proto__:1', '__proto__'])('%j is refused', (list) => {
  expect(parseTags(list, ':', {})).toBe(-1);
});

test('stops after one more than may be', () => {
  const list = Array.from({ length: 1000 }, (_, i) => `k${i}:v`).join(',');
  const tags = {};
  expect(parseTags(list, ':', tags)).toBe(65);
  expect(Object.keys(tags)).toHaveLength(64);
});
