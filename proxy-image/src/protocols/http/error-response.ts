import type { RequestHead } from './head.ts';
import { REASON_PHRASES } from './reason-phrases.ts';

/** What the ancestor chose from. */
const DEFAULT_CODES = [500, 501, 502, 503] as const;

export type ErrorResponse = {
  /** The fault's id: in the header, and in the body wherever it has `{id}`. */
  readonly id: string;
  /** Without it one of 500, 501, 502 and 503, by the draw in [0, 1). */
  readonly code: number | undefined;
  readonly draw: number;
  readonly body: string | undefined;
  /** Whether the connection stays open. */
  readonly keepAlive: boolean;
  /** Epoch ms. */
  readonly atMs: number;
};

/** The bytes of an error response to a request (RFC 9110, section 15; framing by RFC 9112, section 6). */
export function errorResponse(request: RequestHead, error: ErrorResponse): Buffer {
  const code = error.code ?? DEFAULT_CODES[Math.floor(error.draw * DEFAULT_CODES.length)] ?? 503;
  const reason = REASON_PHRASES[code] ?? 'Error';
  const body = (error.body ?? `${code} ${reason} (vaurien fault {id})\n`).replaceAll('{id}', () => error.id);
  const lines = [
    `HTTP/1.1 ${code} ${reason}`,
    `Date: ${new Date(error.atMs).toUTCString()}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `x-vaurien-fault: ${error.id}`,
  ];
  if (!error.keepAlive) lines.push('Connection: close');
  else if (request.minor === 0) lines.push('Connection: keep-alive');
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${request.method === 'HEAD' ? '' : body}`);
}
