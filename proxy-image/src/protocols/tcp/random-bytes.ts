import { randomSequence } from '@loads/core';

/** What the ancestor sent for an error. */
const LENGTH = 1000;

/** The error of a protocol that has none: 1000 random bytes, the same for the same draw in [0, 1). */
export function randomBytesError(draw: number): Buffer {
  const next = randomSequence(Math.floor(draw * 0x1_0000_0000), 'random bytes');
  return Buffer.from(Uint8Array.from({ length: LENGTH }, () => Math.floor(next() * 256)));
}
