import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDatagram } from './parse-datagram.ts';
import type { StatsdSample } from './sample.ts';

test('takes a datagram apart into its lines', () => {
  expect(parse('a:1|c\nb:2|ms\r\n\n\nc:3|g')).toEqual({
    samples: [
      { name: 'a', type: 'c', value: 1, weight: 1, tags: {} },
      { name: 'b', type: 'ms', value: 2, weight: 1, tags: {} },
      { name: 'c', type: 'g', value: 3, weight: 1, tags: {} },
    ],
    malformed: [],
    ignored: [],
  });
});

test('a malformed line does not spoil its neighbours', () => {
  const { samples, malformed } = parse('a:1|c\nno statsd\nb:-1|ms\nc:1|c');
  expect(samples.map((sample) => sample.name)).toEqual(['a', 'c']);
  expect(malformed).toEqual([
    ['no statsd', 'no value'],
    ['b:-1|ms', 'value'],
  ]);
});

test('events and service checks are ignored, not malformed', () => {
  const event = '_e{5,4}:title|text|#a:1';
  const check = '_sc|db|0|m:fine';
  expect(parse(`${event}\na:1|c\n${check}`)).toMatchObject({ malformed: [], ignored: [event, check] });
});

test('an empty datagram holds nothing', () => {
  expect(parse('')).toEqual({ samples: [], malformed: [], ignored: [] });
});

test('any bytes are taken, and every line that is not empty is accounted for', () => {
  const statsdLike = fc.array(
    fc.constantFrom(
      'a',
      'name',
      ':',
      '|',
      '@',
      '#',
      ',',
      '=',
      '\n',
      '\r',
      '1',
      '0.1',
      '-',
      '+',
      'e',
      'ms',
      'c',
      'g',
      's',
      '_sc',
      '_e{',
    ),
    { maxLength: 200 },
  );
  const datagram = fc.oneof(
    statsdLike.map((parts) => parts.join('')),
    fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes).toString()),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(datagram, (text) => {
      const { samples, malformed, ignored } = parse(text);
      for (const { value, weight, type } of samples) {
        expect(Number.isFinite(value) && weight >= 1 && Number.isFinite(weight)).toBe(true);
        if (type !== 'c' && type !== 'g') expect(value).toBeGreaterThanOrEqual(0);
      }
      const lines = text.split('\n').filter((line) => line !== '' && line !== '\r');
      const packed = lines.filter((line) => parse(line).samples.length > 0);
      expect(packed.length + malformed.length + ignored.length).toBe(lines.length);
    }),
    { numRuns: 1000 },
  );
});

// The worst megabytes for a parser that looks too far ahead or tries things twice: quadratic, it would run out of time.
test.each(['\n', ':', '|', ',', 'a\n', 'a:\n', ':1', '1', '1e', 'a,', '|#', '|#a', '|@1', '|#a,b', '#', '_e{\n'])(
  'takes linear time for many of %j',
  (part) => {
    for (const start of ['', 'a:', 'a:1|ms', 'a:1|ms|#', 'a:1|ms|@', 'a,']) {
      const datagram = start + part.repeat(1_000_000 / part.length);
      expect(() => parse(datagram)).not.toThrow();
      expect(() => parse(`${datagram}:1|ms`)).not.toThrow();
    }
  },
);

type Parsed = { samples: StatsdSample[]; malformed: [string, string][]; ignored: string[] };

function parse(datagram: string): Parsed {
  const parsed: Parsed = { samples: [], malformed: [], ignored: [] };
  parseDatagram(datagram, {
    sample: (sample) => parsed.samples.push(sample),
    malformed: (line, problem) => parsed.malformed.push([line, problem]),
    ignored: (line) => parsed.ignored.push(line),
  });
  return parsed;
}
