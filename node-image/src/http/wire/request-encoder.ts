import type { PreparedRequest } from '../prepare-request.ts';
import { FIELD_VALUE, TOKEN } from './header-fields.ts';

/** Why a request cannot be written: it would not be one request on the wire. */
export class RequestHeadError extends Error {
  override readonly name = 'RequestHeadError';
  readonly code = 'ERR_HTTP_REQUEST';
}

/**
 * Writes request heads (RFC 9112, section 3) for one host, as Latin-1 text. Most workers send the same few heads again
 * and again: the fields of one header object are put together once, and the last head is kept.
 */
export class RequestEncoder {
  readonly #host: string;
  #headers: PreparedRequest['headers'] | undefined;
  #fields = '';
  #method = '';
  #path = '';
  #bodyBytes = -1;
  #head = '';

  constructor(host: string) {
    this.#host = host;
  }

  /** Throws a RequestHeadError for names and values that would break the head, or contradict the body. */
  encode({ method, path, headers, body }: PreparedRequest): string {
    const bodyBytes = body === null ? -1 : body.length;
    if (headers !== this.#headers) this.#setHeaders(headers);
    else if (method === this.#method && path === this.#path && bodyBytes === this.#bodyBytes) return this.#head;
    if (!TOKEN.test(method)) throw new RequestHeadError(`bad method '${method}'`);
    if (!PATH.test(path)) throw new RequestHeadError(`bad path '${path}'`);
    const stated = headers['content-length'];
    const length = bodyBytes > 0 || SENDS_EMPTY_LENGTH.has(method) ? `${Math.max(0, bodyBytes)}` : undefined;
    if (stated !== undefined && Number(stated) !== Math.max(0, bodyBytes)) {
      throw new RequestHeadError(`content-length ${stated} with a body of ${Math.max(0, bodyBytes)} bytes`);
    }
    const lengthField = length === undefined || stated !== undefined ? '' : `content-length: ${length}\r\n`;
    this.#method = method;
    this.#path = path;
    this.#bodyBytes = bodyBytes;
    this.#head = `${method} ${path} HTTP/1.1\r\n${this.#fields}${lengthField}\r\n`;
    return this.#head;
  }

  #setHeaders(headers: PreparedRequest['headers']): void {
    let fields = headers.host === undefined ? `host: ${this.#host}\r\n` : '';
    if (headers.connection === undefined) fields += 'connection: keep-alive\r\n';
    for (const name in headers) {
      const value = headers[name] ?? '';
      if (!TOKEN.test(name)) throw new RequestHeadError(`bad header name '${name}'`);
      if (!FIELD_VALUE.test(value)) throw new RequestHeadError(`bad value of header '${name}'`);
      if (name === 'transfer-encoding') throw new RequestHeadError('bodies are sent with a content-length');
      fields += `${name}: ${value}\r\n`;
    }
    this.#headers = headers;
    this.#fields = fields;
    this.#method = '';
  }
}

const PATH = /^[\x21-\x7e\x80-\xff]+$/;
/** Methods whose requests are thought to have a body say so when they have none (RFC 9110, section 8.6). */
const SENDS_EMPTY_LENGTH: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY', 'PROPFIND', 'PROPPATCH']);
