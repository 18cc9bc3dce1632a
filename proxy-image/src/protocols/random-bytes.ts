import { randomSequence } from '@loads/core';

/** So many random bytes, the same for the same draw in [0, 1). */
export function randomBytes(draw: number, length: number): Buffer {
  const next = randomSequence(Math.floor(draw * 0x1_0000_0000), 'random bytes');
  return Buffer.from(Uint8Array.from({ length }, () => Math.floor(next() * 256)));
}
