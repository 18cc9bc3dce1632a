import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteQueue } from './byte-queue.ts';

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 10 });

test('whatever the chunks, the bytes come out as they went in', () => {
  fc.assert(
    fc.property(chunks, fc.array(fc.nat({ max: 30 }), { maxLength: 20 }), (given, sizes) => {
      const queue = new ByteQueue();
      for (const chunk of given) queue.push(Buffer.from(chunk));
      const whole = Buffer.concat(given);
      expect(queue.length).toBe(whole.length);
      const taken = sizes.map((size) => queue.take(Math.min(size, queue.length)));
      taken.push(queue.take(queue.length));
      expect(Buffer.concat(taken)).toEqual(whole);
      expect(queue.length).toBe(0);
    }),
  );
});

test('a delimiter is found across chunks, as in the whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', 'b\r'), { maxLength: 12 }),
      fc.nat(5),
      (parts, from) => {
        const queue = new ByteQueue();
        for (const part of parts) queue.push(Buffer.from(part));
        expect(queue.indexOf(Buffer.from('\r\n'), from)).toBe(Buffer.from(parts.join('')).indexOf('\r\n', from));
      },
    ),
  );
});
