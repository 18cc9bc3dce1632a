import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readFrames } from './log-frames.ts';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test.each([1, 3, 8, 1000])('frames are taken off, however they are cut (%i bytes)', async (size) => {
  const bytes = Buffer.concat([frame(1, 'one\n'), frame(2, ''), frame(1, 'twö\n')]);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const read: Buffer[] = [];
  for await (const text of readFrames(Readable.from(chunks))) read.push(text);
  expect(Buffer.concat(read).toString()).toBe('one\ntwö\n');
});
