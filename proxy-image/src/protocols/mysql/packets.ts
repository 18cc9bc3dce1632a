import type { ServerError } from './server-errors.ts';

/** Longer texts are cut by clients (MYSQL_ERRMSG_SIZE). */
const LONGEST_TEXT = 512;

/** A packet with its header. Sequence ids wrap at 256. */
export function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(sequence & 0xff, 3);
  return Buffer.concat([header, payload]);
}

/** ERR: 0xFF, code, `#` and SQLSTATE, text. */
export function errPacket(sequence: number, { code, sqlState }: ServerError, text: string): Buffer {
  const head = Buffer.from([0xff, code & 0xff, code >> 8]);
  return packet(sequence, Buffer.concat([head, Buffer.from(`#${sqlState}`), upTo(text, LONGEST_TEXT)]));
}

/** What a server says instead of its greeting when it is full: an ERR that has no SQLSTATE yet, since nothing is agreed. */
export function tooManyConnections(): Buffer {
  return packet(0, Buffer.concat([Buffer.from([0xff, 1040 & 0xff, 1040 >> 8]), Buffer.from('Too many connections')]));
}

/** OK, with no rows affected, no id and no warnings. */
export function okPacket(sequence: number, status: number): Buffer {
  return packet(sequence, Buffer.from([0x00, 0x00, 0x00, status & 0xff, status >> 8, 0x00, 0x00]));
}

/** A COM_QUERY, without attributes. */
export function queryPacket(sql: string, { attributes }: { readonly attributes: boolean }): Buffer {
  return packet(0, Buffer.concat([Buffer.from(attributes ? [0x03, 0x00, 0x01] : [0x03]), Buffer.from(sql)]));
}

/** As much of a text as fits in `most` bytes, in whole characters. */
export function upTo(text: string, most: number): Buffer {
  const bytes = Buffer.from(text);
  let end = Math.min(most, bytes.length);
  while (end < bytes.length && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
