import { lengthEncoded } from './length-encoded.ts';

/** Bytes of a binary value by its type; others are length-encoded strings, dates and times have one byte of length. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [0x01, 1],
  [0x02, 2],
  [0x03, 4],
  [0x04, 4],
  [0x05, 8],
  [0x06, 0],
  [0x08, 8],
  [0x09, 4],
  [0x0d, 2],
]);
const DATES: ReadonlySet<number> = new Set([0x07, 0x0a, 0x0b, 0x0c]);

/**
 * Where the text of a COM_QUERY begins when attributes stand before it (CLIENT_QUERY_ATTRIBUTES). Undefined when they
 * are not whole in `payload`.
 */
export function sqlAfterAttributes(payload: Buffer): number | undefined {
  const count = lengthEncoded(payload, 1);
  const sets = count && lengthEncoded(payload, count.end);
  if (!sets || count.value === 0) return sets?.end;
  // A bitmap of NULLs, then a byte that says that types follow.
  const bitmapBytes = Math.ceil(count.value / 8);
  let at: number | undefined = sets.end + bitmapBytes + 1;
  const types: number[] = [];
  for (let n = 0; n < count.value; n++) {
    const type: number | undefined = payload[at];
    if (type === undefined) return undefined;
    types.push(type);
    at = afterString(payload, at + 2);
    if (at === undefined) return undefined;
  }
  for (const [n, type] of types.entries()) {
    const isNull = ((payload[sets.end + (n >> 3)] ?? 0) & (1 << (n & 7))) !== 0;
    if (!isNull) at = afterValue(payload, at, type);
    if (at === undefined) return undefined;
  }
  return at <= payload.length ? at : undefined;
}

function afterValue(payload: Buffer, at: number, type: number): number | undefined {
  const fixed = FIXED_BYTES.get(type);
  if (fixed !== undefined) return at + fixed;
  if (!DATES.has(type)) return afterString(payload, at);
  const bytes = payload[at];
  return bytes === undefined ? undefined : at + 1 + bytes;
}

function afterString(payload: Buffer, at: number): number | undefined {
  const length = lengthEncoded(payload, at);
  return length && length.end + length.value;
}
