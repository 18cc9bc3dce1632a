import { lengthEncoded } from './length-encoded.ts';

/** Bits of the status that ends OK and EOF packets. */
export const IN_TRANSACTION = 0x0001;
export const MORE_RESULTS = 0x0008;
export const CURSOR_EXISTS = 0x0040;
/** Those that tell of the session, not of one result: in a transaction, autocommit, no backslash escapes. */
export const SESSION_STATUS = 0x0203;

/** Shorter than any OK packet: 0xFE, warnings (2), status (2). */
const LONGEST_EOF = 6;

/** The status in an OK packet (0x00, or 0xFE in place of EOF) or an EOF packet of `length` bytes. Undefined when it is neither. */
export function serverStatus(payload: Buffer, length: number): number | undefined {
  if (payload[0] !== 0x00 && payload[0] !== 0xfe) return undefined;
  if (payload[0] === 0xfe && length <= LONGEST_EOF) return payload.length < 5 ? undefined : payload.readUInt16LE(3);
  const affectedRows = lengthEncoded(payload, 1);
  const insertId = affectedRows && lengthEncoded(payload, affectedRows.end);
  return insertId && insertId.end + 2 <= payload.length ? payload.readUInt16LE(insertId.end) : undefined;
}
