/** A packet of the binary protocol. */
export function packet(
  magic: number,
  opcode: number,
  {
    key = '',
    extras = '',
    value = '',
    status = 0,
    opaque = 0,
  }: Partial<Record<'key' | 'extras' | 'value', string>> & {
    readonly status?: number;
    readonly opaque?: number;
  } = {},
): Buffer {
  const header = Buffer.alloc(24);
  const body = Buffer.from(extras + key + value, 'latin1');
  header.writeUInt8(magic, 0);
  header.writeUInt8(opcode, 1);
  header.writeUInt16BE(key.length, 2);
  header.writeUInt8(extras.length, 4);
  header.writeUInt16BE(status, 6);
  header.writeUInt32BE(body.length, 8);
  header.writeUInt32BE(opaque, 12);
  return Buffer.concat([header, body]);
}

export const REQUEST = 0x80;
export const RESPONSE = 0x81;
