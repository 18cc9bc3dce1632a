export type LengthEncoded = { readonly value: number; readonly end: number };

/** A length-encoded integer at `at`. Undefined when it is cut off, or is the byte of NULL, of an error, or not exact in a double. */
export function lengthEncoded(bytes: Buffer, at: number): LengthEncoded | undefined {
  const first = bytes[at];
  if (first === undefined || first === 0xfb || first === 0xff) return undefined;
  if (first < 0xfb) return { value: first, end: at + 1 };
  const size = first === 0xfc ? 2 : first === 0xfd ? 3 : 8;
  const end = at + 1 + size;
  if (end > bytes.length) return undefined;
  const value = size === 8 ? Number(bytes.readBigUInt64LE(at + 1)) : bytes.readUIntLE(at + 1, size);
  return { value, end };
}
