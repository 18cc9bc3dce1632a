import { expect, test } from 'vitest';
import { formatPoint } from './data-point.ts';

test('a point is a line: tags sorted, floats as they are, texts quoted, ms', () => {
  const fields = { sum: 3, ratio: 0.25, big: 1e21, title: 'say "hi"\n\\ bye', none: undefined };
  expect(formatPoint({ measurement: 'm', tags: { b: '2', a: '1', gone: '' }, fields, atMs: 12.4 })).toBe(
    'm,a=1,b=2 sum=3,ratio=0.25,big=1e+21,title="say \\"hi\\" \\\\ bye" 12',
  );
});

test.each([
  ['a b', 'a\\ b'],
  ['a,b=c', 'a\\,b\\=c'],
  ['a\nb\tc', 'a\\nb\\tc'],
  // A backslash at the end would escape what parts the tags from the fields.
  ['a\\', 'a＼'],
  ['a\\,b', 'a＼\\,b'],
  ['ümläut "quoted"', 'ümläut\\ "quoted"'],
])('the tag %j does not break its line', (value, written) => {
  expect(formatPoint({ measurement: 'm', tags: { t: value }, fields: { v: 1 }, atMs: 0 })).toBe(`m,t=${written} v=1 0`);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined])('%s is no field, and a point without any is none', (v) => {
  expect(formatPoint({ measurement: 'm', tags: {}, fields: { v }, atMs: 0 })).toBeUndefined();
  expect(formatPoint({ measurement: 'm', tags: {}, fields: { v, w: 1 }, atMs: 0 })).toBe('m w=1 0');
});

test('a measurement is escaped as its own kind', () => {
  expect(formatPoint({ measurement: 'a b,c=d', tags: {}, fields: { v: 1 }, atMs: 0 })).toBe('a\\ b\\,c=d v=1 0');
});
