import { promisify } from 'node:util';
import {
  brotliCompress,
  brotliDecompress,
  brotliDecompressSync,
  deflate,
  gunzip,
  gunzipSync,
  gzip,
  inflate,
  inflateRaw,
  inflateRawSync,
  inflateSync,
  zstdCompress,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';
import { codeOf } from './classify-failure.ts';
import { ProtocolError } from './wire/protocol-error.ts';

/** How a body can be encoded (RFC 9110, section 8.4.1; RFC 7932; RFC 8878). */
export type ContentCoding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** A body up to so many bytes is decoded at once when it stays small: quicker than a thread. */
const SMALL_BYTES = 16 * 1024;
const SMALL_DECODED_BYTES = 256 * 1024;
/** Nobody encodes a body more often for a good reason. */
const MOST_CODINGS = 5;

type Limit = { readonly maxOutputLength: number };
type Decoder = {
  readonly now: (bytes: Buffer, limit: Limit) => Buffer;
  readonly later: (bytes: Buffer, limit: Limit) => Promise<Buffer>;
};

const GZIP: Decoder = { now: gunzipSync, later: promisify<Buffer, Limit, Buffer>(gunzip) };
const ZLIB: Decoder = { now: inflateSync, later: promisify<Buffer, Limit, Buffer>(inflate) };
const RAW_DEFLATE: Decoder = { now: inflateRawSync, later: promisify<Buffer, Limit, Buffer>(inflateRaw) };
const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['deflate', ZLIB],
  ['br', { now: brotliDecompressSync, later: promisify<Buffer, Limit, Buffer>(brotliDecompress) }],
  ['zstd', { now: zstdDecompressSync, later: promisify<Buffer, Limit, Buffer>(zstdDecompress) }],
]);

/**
 * Undoes the codings of a body that `content-encoding` names, and leaves it as it is from the first one that is not known.
 * Gives a promise where it may take long. Throws (or rejects with) a ProtocolError for a body that is not what it says,
 * or that becomes larger than `maxBytes`.
 */
export function decodeBody(body: Buffer, contentEncoding: string, maxBytes: number): Buffer | Promise<Buffer> {
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MOST_CODINGS) throw new ProtocolError('ERR_HTTP_CODING', `${codings.length} content codings`);
  const [only] = codings;
  if (only !== undefined && codings.length === 1 && body.length <= SMALL_BYTES) {
    const small = decodeSmall(body, only, Math.min(maxBytes, SMALL_DECODED_BYTES));
    if (small !== undefined) return small;
  }
  return decodeAll(body, codings.reverse(), maxBytes);
}

/** A body in one of the codings. */
export function encodeBody(body: Buffer, coding: ContentCoding): Promise<Buffer> {
  return ENCODERS[coding](body);
}

const ENCODERS: Readonly<Record<ContentCoding, (bytes: Buffer) => Promise<Buffer>>> = {
  gzip: promisify<Buffer, Buffer>(gzip),
  deflate: promisify<Buffer, Buffer>(deflate),
  br: promisify<Buffer, Buffer>(brotliCompress),
  zstd: promisify<Buffer, Buffer>(zstdCompress),
};

function decodeSmall(body: Buffer, coding: string, maxOutputLength: number): Buffer | undefined {
  const decoder = decoderOf(coding, body);
  if (decoder === undefined) return body;
  try {
    return decoder.now(body, { maxOutputLength });
  } catch (error) {
    // Larger than what is decoded at once.
    if (codeOf(error) === TOO_LARGE) return undefined;
    throw asProtocolError(error, coding, maxOutputLength);
  }
}

async function decodeAll(body: Buffer, codings: readonly string[], maxOutputLength: number): Promise<Buffer> {
  let bytes = body;
  for (const coding of codings) {
    const decoder = decoderOf(coding, bytes);
    if (decoder === undefined) return bytes;
    try {
      bytes = await decoder.later(bytes, { maxOutputLength });
    } catch (error) {
      throw asProtocolError(error, coding, maxOutputLength);
    }
  }
  return bytes;
}

/** `deflate` is zlib's format; some servers send it without its head, whose first byte has the method 8 in its lower half. */
function decoderOf(coding: string, [first = 0]: Buffer): Decoder | undefined {
  return coding === 'deflate' && (first & 0x0f) !== 8 ? RAW_DEFLATE : DECODERS.get(coding);
}

const TOO_LARGE = 'ERR_BUFFER_TOO_LARGE';

function asProtocolError(error: unknown, coding: string, maxBytes: number): ProtocolError {
  if (codeOf(error) === TOO_LARGE) {
    return new ProtocolError('ERR_HTTP_BODY_TOO_LARGE', `the decoded response body is larger than ${maxBytes} bytes`);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new ProtocolError('ERR_HTTP_CODING', `the body is no ${coding}: ${reason}`);
}
