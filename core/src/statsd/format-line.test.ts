import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatLine, type StatsdLine } from './format-line.ts';
import { parseDatagram } from './parse-datagram.ts';
import type { StatsdSample } from './sample.ts';
import { sanitizeMember, sanitizeName, sanitizeTagKey, sanitizeTagValue } from './sanitize.ts';

test.each<[StatsdLine, string]>([
  [
    { name: 'http_req_duration', type: 'ms', value: 12.5, weight: 100, tags: { method: 'GET', name: 'list items' } },
    'http_req_duration:12.5|ms|@0.01|#method:GET,name:list items',
  ],
  [{ name: 'time', type: 'h', value: 1, weight: 1, tags: {} }, 'time:1|h'],
  [{ name: 'hits', type: 'c', value: 3, tags: { a: '1' } }, 'hits:3|c|#a:1'],
  [{ name: 'load', type: 'g', value: 0.5 }, 'load:0.5|g'],
  [{ name: 'load', type: 'g', value: 2, delta: true }, 'load:+2|g'],
  [{ name: 'load', type: 'g', value: -2, delta: true }, 'load:-2|g'],
  // a sign alone would make it a change
  [{ name: 'temp', type: 'g', value: -2 }, 'temp:0|g\ntemp:-2|g'],
  [{ name: 'users', type: 's', value: 1, text: 'al' }, 'users:al|s'],
  [{ name: 'users', type: 's', value: 7 }, 'users:7|s'],
  [{ name: 'a:b|c\nd', type: 'c', value: 1, tags: { 'k:1,': 'v|#\n:x' } }, 'a_b_c_d:1|c|#k_1_:v___:x'],
])('%j', (line, text) => {
  expect(formatLine(line)).toBe(text);
});

test.each<[string, Partial<StatsdLine>]>([
  ['a negative timing', { value: -1 }],
  ['NaN', { value: Number.NaN }],
  ['an infinite counter', { type: 'c', value: Number.POSITIVE_INFINITY }],
  ['a weight of 0', { weight: 0 }],
  ['a weight that is NaN', { weight: Number.NaN }],
  ['an infinite weight', { weight: Number.POSITIVE_INFINITY }],
])('refuses %s', (_, part) => {
  expect(() => formatLine({ name: 'time', type: 'ms', value: 1, ...part })).toThrow(RangeError);
});

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 }), fc.constant('__proto__'));
const line = fc.record<StatsdLine>(
  {
    name: text,
    type: fc.constantFrom('c', 'ms', 'h', 'd', 'g', 's'),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    weight: fc.integer({ min: 1, max: 1e9 }),
    delta: fc.boolean(),
    text,
    tags: fc.dictionary(text, text, { maxKeys: 64 }),
  },
  { requiredKeys: ['name', 'type', 'value'] },
);

test('what is formatted parses to the same, up to sanitizing', () => {
  fc.assert(
    fc.property(line, (given) => {
      const isTiming = given.type === 'ms' || given.type === 'h' || given.type === 'd';
      const value = isTiming ? Math.abs(given.value) : given.value;
      const isSet = given.type === 's';
      const isDelta = given.type === 'g' && (given.delta === true || value < 0);
      const datagram = formatLine({ ...given, value });
      // As it travels.
      expect(parse(Buffer.from(datagram).toString()).at(-1)).toEqual({
        name: sanitizeName(given.name),
        type: given.type,
        value: isSet ? 1 : value,
        weight: isTiming ? (given.weight ?? 1) : 1,
        delta: isDelta ? true : undefined,
        text: isSet ? sanitizeMember(given.text ?? String(value)) : undefined,
        tags: Object.fromEntries(
          Object.entries(given.tags ?? {}).map(([key, tag]) => [sanitizeTagKey(key), sanitizeTagValue(tag)]),
        ),
      });
    }),
    { numRuns: 1000 },
  );
});

function parse(datagram: string): StatsdSample[] {
  const samples: StatsdSample[] = [];
  parseDatagram(datagram, {
    sample: (sample) => samples.push(sample),
    malformed: (malformed, problem) => expect.unreachable(`${problem}: ${malformed}`),
    ignored: (ignored) => expect.unreachable(ignored),
  });
  return samples;
}
