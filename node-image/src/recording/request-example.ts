import { brotliDecompressSync, constants, gunzipSync, inflateSync, type ZlibOptions } from 'node:zlib';
import type { RequestExample } from '@loads/core';
import { StreamedBody } from '../http/body/streamed-body.ts';
import type { PreparedRequest } from '../http/prepare-request.ts';
import type { RequestSample } from '../http/request-sample.ts';
import type { HeaderRecord } from '../http/response-headers.ts';
import { redactHeaders, redactText } from './redact.ts';

/** How much of a body is shown, bytes. */
const SHOWN_BYTES = 1024;
/** How much of a compressed body is looked at, bytes. */
const READ_BYTES = 16 * 1024;
const MOST_HEADERS = 40;
const LONGEST_VALUE = 200;
const LONGEST_URL = 1000;

/** What a person needs to see of a request and its response: bounded, and without secrets. Bodies only `withBodies`. */
export function requestExample(
  { name, request, origin, head, durationMs }: RequestSample,
  body: readonly Buffer[],
  { withBodies }: { readonly withBodies: boolean },
): RequestExample {
  const headers = joined(head.headers);
  return {
    name,
    method: request.method,
    url: cut(redactText(origin + request.path), LONGEST_URL),
    headers: shown(request.headers),
    ...(withBodies && sentBodyOf(request)),
    durationMs,
    response:
      head.status === 0
        ? undefined
        : { status: head.status, headers: shown(headers), ...(withBodies && bodyOf(body, headers)) },
  };
}

/** A body that was read while it was sent is only told of. */
function sentBodyOf({ body, headers }: PreparedRequest): { readonly body?: string } {
  if (body instanceof StreamedBody) return { body: `[${headers['content-type'] ?? 'bytes'}, ${body.length} bytes]` };
  return bodyOf(body === null ? [] : [body], headers);
}

function joined(record: HeaderRecord): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value = '']) => [name, typeof value === 'string' ? value : value.join(', ')]),
  );
}

function shown(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const first = Object.fromEntries(Object.entries(headers).slice(0, MOST_HEADERS));
  return Object.fromEntries(
    Object.entries(redactHeaders(first)).map(([name, value]) => [cut(name, LONGEST_VALUE), cut(value, LONGEST_VALUE)]),
  );
}

/** The beginning of a body as text, or what it is when it is none; nothing for an empty one. */
function bodyOf(chunks: readonly Buffer[], headers: Readonly<Record<string, string>>): { readonly body?: string } {
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  if (bytes === 0) return {};
  const encoding = headers['content-encoding'];
  const start = decoded(beginning(chunks, encoding === undefined ? SHOWN_BYTES + 1 : READ_BYTES), encoding);
  const what = `${headers['content-type'] ?? 'bytes'}, ${bytes} bytes`;
  // A character may have been cut in two at the end.
  const text = start
    ?.subarray(0, SHOWN_BYTES)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
  if (text === undefined || /[\uFFFD\0]/.test(text)) return { body: `[${what}]` };
  const more = (start?.length ?? 0) > SHOWN_BYTES || (encoding !== undefined && bytes > READ_BYTES);
  return { body: redactText(text) + (more ? `… [${what}]` : '') };
}

function beginning(chunks: readonly Buffer[], most: number): Buffer {
  const parts: Buffer[] = [];
  let left = most;
  for (const chunk of chunks) {
    if (left <= 0) break;
    parts.push(chunk.subarray(0, left));
    left -= chunk.length;
  }
  return Buffer.concat(parts);
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes, PARTLY),
  deflate: (bytes) => inflateSync(bytes, PARTLY),
  br: (bytes) =>
    brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: 1 << 20 }),
};
/** The end of the input is missing. */
const PARTLY: ZlibOptions = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 20 };

/** What the bytes stand for; as they are when somebody has decoded them already, undefined when nobody can. */
function decoded(bytes: Buffer, encoding: string | undefined): Buffer | undefined {
  if (encoding === undefined || encoding === 'identity') return bytes;
  try {
    const text = DECODERS[encoding.toLowerCase()]?.(bytes) ?? bytes;
    return text.length > 0 ? text : bytes;
  } catch {
    return bytes;
  }
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
