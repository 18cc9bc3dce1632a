import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EndOfMessage } from './end-of-message.ts';

test('finds the same end as a search of the whole, wherever it is cut', () => {
  const text = fc
    .array(fc.constantFrom('\r', '\n', '.', 'x', '\r\n', '\r\n.'), { maxLength: 40 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }), (message, sizes) => {
      const found = `\r\n${message}`.indexOf('\r\n.\r\n');
      const end = new EndOfMessage();
      end.begin();
      let at = 0;
      let got: number | undefined;
      for (let turn = 0; at < message.length && got === undefined; turn++) {
        const piece = message.slice(at, at + (sizes[turn % sizes.length] ?? 1));
        const inPiece = end.find(Buffer.from(piece), 0);
        got = inPiece === undefined ? undefined : at + inPiece;
        at += piece.length;
      }
      expect(got).toBe(found < 0 ? undefined : found + 3);
    }),
    { numRuns: 2000 },
  );
});
