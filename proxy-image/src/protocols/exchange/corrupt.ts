import { randomBytes } from '../random-bytes.ts';

/** A piece with `count` random bytes in its middle, in the place of what stood there; the same for the same draw in [0, 1). */
export function corrupted(piece: Buffer, count: number, draw: number): Buffer {
  const copy = Buffer.from(piece);
  const length = Math.min(count, piece.length);
  randomBytes(draw, length).copy(copy, Math.floor((piece.length - length) / 2));
  return copy;
}
