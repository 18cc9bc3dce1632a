import { expect, test } from 'vitest';
import { parseLine } from './parse-line.ts';
import type { StatsdSample } from './sample.ts';

test.each<[string, Partial<StatsdSample>]>([
  ['hits:1|c', { name: 'hits', type: 'c', value: 1, weight: 1, tags: {} }],
  ['hits:-3|c', { value: -3 }],
  // a counter is scaled, a timing is weighted
  ['hits:2|c|@0.1', { value: 20, weight: 1 }],
  ['time:12.5|ms|@0.01', { name: 'time', type: 'ms', value: 12.5, weight: 100 }],
  ['time:12.5|h|@0.01', { type: 'h', weight: 100 }],
  ['time:12.5|d|@0.3', { type: 'd', weight: 1 / 0.3 }],
  ['time:0|ms', { value: 0 }],
  ['time:1e-3|ms', { value: 0.001 }],
  // a rate says nothing about a gauge or a set
  ['load:0.7|g|@0.5', { type: 'g', value: 0.7, weight: 1, delta: undefined }],
  ['load:+2|g', { value: 2, delta: true }],
  ['load:-2|g', { value: -2, delta: true }],
  ['users:al|s|@0.5', { type: 's', text: 'al', value: 1, weight: 1 }],
  ['users:a:b|s', { text: 'a:b' }],
  ['time:1|ms|#method:GET,url:http://x,slow', { tags: { method: 'GET', url: 'http://x', slow: 'true' } }],
  ['time:1|ms|#a:1|@0.1', { tags: { a: '1' }, weight: 10 }],
  ['time,method=GET,slow:1|ms', { name: 'time', tags: { method: 'GET', slow: 'true' } }],
  ['time,a=1,b=1:1|ms|#b:2,c:3', { tags: { a: '1', b: '2', c: '3' } }],
  ['time:1|ms|c:83c0a99c|T1656581400|e:it-1|x|', { value: 1, weight: 1, tags: {} }],
  ['time:1|ms|#', { tags: {} }],
  ['with space/and.dots-é:1|ms', { name: 'with space/and.dots-é' }],
  [`${'n'.repeat(255)}:1|c`, { value: 1 }],
])('%s', (line, expected) => {
  const { problem, samples } = parse(line);
  expect(problem).toBeUndefined();
  expect(samples).toEqual([expect.objectContaining(expected)]);
});

test('several values share the rest of their line', () => {
  const rest = { name: 'time', type: 'ms', weight: 10, tags: { a: '1' } };
  expect(parse('time:1:2.5:3|ms|@0.1|#a:1').samples).toEqual([
    { ...rest, value: 1 },
    { ...rest, value: 2.5 },
    { ...rest, value: 3 },
  ]);
  expect(parse('load:1:+2:-3|g').samples.map(({ value, delta }) => [value, delta])).toEqual([
    [1, undefined],
    [2, true],
    [-3, true],
  ]);
});

test.each([
  ['time', 'no value'],
  ['time|ms', 'no value'],
  ['time:1', 'no type'],
  ['time:1|', 'type'],
  ['time:1|m', 'type'],
  ['time:1|MS', 'type'],
  ['time:1|toString', 'type'],
  [':1|ms', 'name'],
  [',a=1:1|ms', 'name'],
  ['a|b:1|ms', 'name'],
  [`${'n'.repeat(256)}:1|c`, 'name'],
  ['time:|ms', 'value'],
  ['time:x|ms', 'value'],
  ['time:0x1|ms', 'value'],
  ['time:NaN|ms', 'value'],
  ['time:Infinity|c', 'value'],
  ['time:1e999|g', 'value'],
  ['time:1e308|c|@0.001', 'value'],
  ['time:-1|ms', 'value'],
  ['time:-1|h', 'value'],
  ['time:-1|d', 'value'],
  ['users:|s', 'value'],
  // nothing is taken of a line that is wrong in part
  ['time:1:2:x|ms', 'value'],
  ['time:1:|ms', 'value'],
  ['time:1|ms|@0', 'rate'],
  ['time:1|ms|@-1', 'rate'],
  ['time:1|ms|@1.1', 'rate'],
  ['time:1|ms|@', 'rate'],
  ['time:1|c|@x', 'rate'],
  ['time:1|ms|#:v', 'tags'],
  ['time,=v:1|ms', 'tags'],
  ['time:1|ms|#__proto__:v', 'tags'],
  [`time:1|ms|#${'t,'.repeat(65)}`, 'tags'],
  // the limit is for both styles together
  [`time,${'t,'.repeat(40)}:1|ms|#${'u,'.repeat(40)}`, 'tags'],
])('%s is refused for its %s', (line, problem) => {
  expect(parse(line)).toEqual({ problem, samples: [] });
});

function parse(line: string): { problem: string | undefined; samples: StatsdSample[] } {
  const samples: StatsdSample[] = [];
  const problem = parseLine(line, (sample) => samples.push(sample));
  return { problem, samples };
}
