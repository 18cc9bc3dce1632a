/** Flags of the connection phase that change how bytes are to be read. */
const PROTOCOL_41 = 1 << 9;
const CLIENT_MYSQL = 1 << 0;
const COMPRESS = 1 << 5;
const SSL = 1 << 11;
const DEPRECATE_EOF = 1 << 24;
const OPTIONAL_RESULTSET_METADATA = 1 << 25;
const ZSTD_COMPRESSION = 1 << 26;
const QUERY_ATTRIBUTES = 1 << 27;
/** MariaDB's, in a second word that is sent when CLIENT_MYSQL is not. */
const CACHE_METADATA = 1 << 4;

/** What one side can: MySQL's word and MariaDB's. */
export type Flags = { readonly flags: number; readonly extended: number };

/** What was agreed on for the connection. */
export type Capabilities = {
  /** Results end with an OK packet (0xFE) instead of EOF, and none stands after the column definitions. */
  readonly deprecateEof: boolean;
  /** MySQL: a byte after counts of columns tells whether definitions follow. */
  readonly optionalMetadata: boolean;
  /** MariaDB: the same, but not in the response to a PREPARE. */
  readonly cacheMetadata: boolean;
  /** Attributes stand before the text of a COM_QUERY. */
  readonly queryAttributes: boolean;
};

/** Reads the server's greeting (HandshakeV10). Undefined when it is another, or cut off. */
export function readGreeting(payload: Buffer): Flags | undefined {
  const versionEnd = payload.indexOf(0, 1);
  // Thread id 4, scramble 8, filler 1; then flags 2, charset 1, status 2, flags 2, length 1, filler 6, extended flags 4.
  const at = versionEnd + 14;
  if (payload[0] !== 0x0a || versionEnd < 0 || payload.length < at + 18) return undefined;
  const flags = payload.readUInt16LE(at) | (payload.readUInt16LE(at + 5) << 16);
  return { flags, extended: extendedFlags(flags, payload, at + 14) };
}

/** Reads the client's response (HandshakeResponse41, or the SSLRequest that is its beginning). Undefined when it is older, or cut off. */
export function readResponse(payload: Buffer): Flags | undefined {
  if (payload.length < 32) return undefined;
  const flags = payload.readInt32LE(0);
  return (flags & PROTOCOL_41) === 0 ? undefined : { flags, extended: extendedFlags(flags, payload, 28) };
}

/** What both sides can. Undefined when the bytes that follow are encrypted or compressed. */
export function agree(server: Flags, client: Flags): Capabilities | undefined {
  const flags = server.flags & client.flags;
  if ((client.flags & SSL) !== 0 || (flags & (COMPRESS | ZSTD_COMPRESSION)) !== 0) return undefined;
  return {
    deprecateEof: (flags & DEPRECATE_EOF) !== 0,
    optionalMetadata: (flags & OPTIONAL_RESULTSET_METADATA) !== 0,
    cacheMetadata: (server.extended & client.extended & CACHE_METADATA) !== 0,
    queryAttributes: (flags & QUERY_ATTRIBUTES) !== 0,
  };
}

function extendedFlags(flags: number, payload: Buffer, at: number): number {
  return (flags & CLIENT_MYSQL) === 0 ? payload.readInt32LE(at) : 0;
}
