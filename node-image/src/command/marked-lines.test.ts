import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markLines } from './marked-lines.ts';

async function marked(chunks: readonly (string | Buffer)[]): Promise<string> {
  let text = '';
  await markLines(Readable.from(chunks, { objectMode: false }), 'a: ', (part) => {
    text += part;
  });
  return text;
}

test('every line has its mark, whatever the chunks', async () => {
  const bytes = Buffer.from('eins\n\nzwölf\nlast');
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const chunks = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
      expect(await marked(chunks.filter(({ length }) => length > 0))).toBe('a: eins\na: \na: zwölf\na: last\n');
    }),
    { numRuns: 50 },
  );
});

test('a line without an end does not fill the memory', async () => {
  const chunks = Array.from({ length: 100 }, () => 'x'.repeat(10_000));
  const lines = (await marked(chunks)).trimEnd().split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(30_000);
  expect(lines.join('').replaceAll('a: ', '')).toBe(chunks.join(''));
});
