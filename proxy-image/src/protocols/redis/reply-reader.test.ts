import { expect, test } from 'vitest';
import { ReplyReader } from './reply-reader.ts';

/** Where each value ends, and whether the bytes broke off as invalid. */
function ends(text: string, size: number): (number | 'invalid')[] {
  const reader = new ReplyReader();
  const found: (number | 'invalid')[] = [];
  let offset = 0;
  for (; offset < text.length; offset += size) {
    const chunk = Buffer.from(text.slice(offset, offset + size), 'latin1');
    for (let at = 0; at < chunk.length; ) {
      at = reader.read(chunk, at);
      if (reader.invalid) return [...found, 'invalid'];
      if (!reader.complete) continue;
      found.push(offset + at);
      reader.next();
    }
  }
  return found;
}

test.each<[string, ...string[]]>([
  ['simple strings, errors and integers', '+OK\r\n', '-ERR x\r\n', ':-12\r\n'],
  ['bulk strings', '$3\r\na\r\n\r\n', '$0\r\n\r\n'],
  ['RESP2 nil', '$-1\r\n', '*-1\r\n'],
  ['arrays', '*0\r\n', '*2\r\n$1\r\na\r\n*1\r\n:1\r\n'],
  ['nil in arrays', '*3\r\n$-1\r\n*-1\r\n_\r\n'],
  ['RESP3 scalars', '_\r\n', '#t\r\n', ',inf\r\n', '(123456789012345678901\r\n'],
  ['verbatim strings and bulk errors', '=5\r\ntxt:a\r\n', '!5\r\nERR x\r\n'],
  ['maps', '%2\r\n+a\r\n:1\r\n+b\r\n%1\r\n+c\r\n_\r\n', '%0\r\n'],
  ['sets and pushes', '~2\r\n:1\r\n:2\r\n', '>2\r\n+a\r\n+b\r\n'],
  ['attributes before what they describe', '|1\r\n+ttl\r\n:3600\r\n*1\r\n|1\r\n+a\r\n+b\r\n:7\r\n', '|0\r\n+OK\r\n'],
  ['streamed attributes', '|?\r\n+ttl\r\n:3600\r\n.\r\n+OK\r\n'],
  ['streamed strings', '$?\r\n;4\r\nHell\r\n;1\r\no\r\n;0\r\n', '$?\r\n;0\r\n'],
  ['streamed aggregates', '*?\r\n:1\r\n*1\r\n:2\r\n.\r\n', '%?\r\n+a\r\n*?\r\n.\r\n.\r\n'],
  ['streams in arrays', '*2\r\n*?\r\n:1\r\n.\r\n$?\r\n;0\r\n', '+OK\r\n'],
])('finds the ends of %s', (_, ...values) => {
  const expected = values.map((_value, i) => values.slice(0, i + 1).join('').length);
  const text = values.join('');
  for (const size of [1, 2, 3, 7, text.length]) expect(ends(text, size)).toEqual(expected);
});

test.each([
  ['an unknown type', '?\r\n'],
  ['the end of no stream', '.\r\n'],
  ['the end of a stream inside an array', '*?\r\n*1\r\n.\r\n'],
  ['a piece outside of a streamed string', ';1\r\na\r\n'],
  ['another value inside a streamed string', '$?\r\n:1\r\n'],
  ['a length that is none', '$1a\r\n'],
  ['a length that is too long', '$1000000000000000\r\n'],
  ['a negative length', '$-2\r\n'],
  ['a string that is longer than it says', '$1\r\nab\r\n'],
])('does not read %s', (_, text) => {
  for (const size of [1, 2, 3, text.length]) expect(ends(`+OK\r\n${text}`, size)).toEqual([5, 'invalid']);
});

test('keeps the kind of a push and its last integer', () => {
  const reader = new ReplyReader();
  for (const byte of Buffer.from('>3\r\n$9\r\nsubscribe\r\n$2\r\n12\r\n:345\r\n')) reader.read(Buffer.from([byte]), 0);
  expect([reader.complete, reader.form, reader.kind, reader.integer]).toEqual([true, '>', 'subscribe', 345]);
  reader.next();
  reader.read(Buffer.from(`*2\r\n$17\r\n${'x'.repeat(17)}\r\n:1\r\n`), 0);
  expect([reader.complete, reader.kind]).toEqual([true, '']);
});

test('values inside values cost no more than they are long', () => {
  const reader = new ReplyReader();
  reader.read(Buffer.from('*1\r\n'.repeat(500_000)), 0);
  expect([reader.complete, reader.invalid]).toEqual([false, false]);
  reader.read(Buffer.from('*?\r\n'.repeat(100)), 0);
  expect(reader.invalid).toBe(true);
});
