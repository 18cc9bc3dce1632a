import type { PreparedRequest } from './prepare-request.ts';

/** Bytes of a request as undici writes it (head in Latin-1, so characters are bytes) to `host`. */
export function requestBytes(request: PreparedRequest, host: string): number {
  const { method, path, headers, body } = request;
  let bytes = method.length + path.length + host.length + FIXED_REQUEST_BYTES;
  for (const name in headers) bytes += name.length + (headers[name] ?? '').length + 4;
  if (body !== null && body.length > 0)
    return bytes + 'content-length: \r\n'.length + digits(body.length) + body.length;
  return SENDS_EMPTY_LENGTH.has(method) ? bytes + 'content-length: 0\r\n'.length : bytes;
}

/** Bytes of a response head, from the names and values as they came. */
export function responseHeadBytes(rawHeaders: unknown, statusText: string): number {
  let bytes = 'HTTP/1.1 200 \r\n\r\n'.length + statusText.length;
  if (!Array.isArray(rawHeaders)) return bytes;
  for (const part of rawHeaders) bytes += part.length + 2;
  return bytes;
}

const FIXED_REQUEST_BYTES = '  HTTP/1.1\r\nhost: \r\nconnection: keep-alive\r\n\r\n'.length;
const SENDS_EMPTY_LENGTH: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);

function digits(value: number): number {
  return Math.floor(Math.log10(value)) + 1;
}
