import { deflateSync } from 'node:zlib';

/** So many samples of one value, a whole number of whatever unit. */
export type HdrSamples = { readonly value: number; readonly count: number };

// From EncodableHistogram and AbstractHistogram of HdrHistogram (Java), "V2" and "V2 compressed".
const COOKIE = 0x1c849313;
const COMPRESSED_COOKIE = 0x1c849314;
const HEADER_BYTES = 40;
const DIGITS = 3;
/** Linear steps of the first octave for three significant digits: the first power of two that is not less than 2 * 10^3. */
const SUB_BUCKETS = 2048;

/**
 * An HdrHistogram with three significant digits in its V2 compressed form, as base64, which is what a histogram log has
 * in a line. `highest` is the largest value that readers make room for; they can add up histograms that share it.
 * Counts may be fractional: they are rounded so that their sum stays the rounded sum.
 */
export function encodeHdr(samples: Iterable<HdrSamples>, highest: number): string {
  const words = countWords(wholeCounts(samples));
  const payload = Buffer.alloc(HEADER_BYTES + words.length);
  payload.writeUInt32BE(COOKIE, 0);
  payload.writeUInt32BE(words.length, 4);
  // No normalizing offset.
  payload.writeUInt32BE(0, 8);
  payload.writeUInt32BE(DIGITS, 12);
  payload.writeBigUInt64BE(1n, 16);
  payload.writeBigUInt64BE(BigInt(highest), 24);
  payload.writeDoubleBE(1, 32);
  payload.set(words, HEADER_BYTES);
  const compressed = deflateSync(payload);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(COMPRESSED_COOKIE, 0);
  head.writeUInt32BE(compressed.length, 4);
  return Buffer.concat([head, compressed]).toString('base64');
}

/** The place of a value among the counts: as long as values grow, steps of an octave double with it. */
export function hdrIndex(value: number): number {
  let octave = 0;
  let size = SUB_BUCKETS;
  while (value >= size) {
    size *= 2;
    octave += 1;
  }
  return octave * (SUB_BUCKETS / 2) + Math.floor(value / 2 ** octave);
}

/** Whole counts by place, ascending. */
function wholeCounts(samples: Iterable<HdrSamples>): readonly (readonly [index: number, count: number])[] {
  const counts = new Map<number, number>();
  let [seen, written] = [0, 0];
  for (const { value, count } of samples) {
    seen += count;
    const whole = Math.round(seen) - written;
    written += whole;
    const index = hdrIndex(value);
    if (whole > 0) counts.set(index, (counts.get(index) ?? 0) + whole);
  }
  return [...counts].sort(([a], [b]) => a - b);
}

/** The counts as signed LEB128 words; what is negative is a run of so many zeros. */
function countWords(counts: readonly (readonly [index: number, count: number])[]): Uint8Array {
  const bytes: number[] = [];
  let next = 0;
  for (const [index, count] of counts) {
    const zeros = index - next;
    if (zeros > 0) writeWord(bytes, zeros === 1 ? 0 : 2 * zeros - 1);
    writeWord(bytes, 2 * count);
    next = index + 1;
  }
  return Uint8Array.from(bytes);
}

/** A zigzag-coded number in groups of seven bits, the lowest first. Counts are below 2^53: never the ninth byte of the format. */
function writeWord(bytes: number[], word: number): void {
  let rest = word;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
