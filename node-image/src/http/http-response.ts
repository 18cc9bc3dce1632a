import type { PreparedRequest } from './prepare-request.ts';
import type { HeaderRecord, ResponseHeaders } from './response-headers.ts';

export type HttpResponseParts = {
  readonly request: PreparedRequest;
  readonly origin: string;
  readonly name: string;
  readonly ok: boolean;
  readonly head: ResponseHeaders;
  /** Decoded. */
  readonly body: readonly Buffer[];
  readonly redirected: boolean;
  readonly durationMs: number;
  readonly waitingMs: number;
};

/** A complete response: its body is in memory, so it can be read more than once. */
export class HttpResponse {
  readonly #parts: HttpResponseParts;
  #headers: Headers | undefined;

  constructor(parts: HttpResponseParts) {
    this.#parts = parts;
  }

  get status(): number {
    return this.#parts.head.status;
  }

  /** The status was expected: 200 to 399, or what `expectStatus` says. */
  get ok(): boolean {
    return this.#parts.ok;
  }

  /** The URL that was asked for, the last one after redirects. */
  get url(): string {
    return this.#parts.origin + this.#parts.request.path;
  }

  /** It came after redirects that were followed. */
  get redirected(): boolean {
    return this.#parts.redirected;
  }

  /** The name that its sample carries. */
  get name(): string {
    return this.#parts.name;
  }

  /** From the writing of the request to the last body byte, in ms; of the last request after redirects, as `waitingMs`. */
  get durationMs(): number {
    return this.#parts.durationMs;
  }

  /** From the end of the writing of the request to the response head, in ms. */
  get waitingMs(): number {
    return this.#parts.waitingMs;
  }

  get headers(): Headers {
    this.#headers ??= buildHeaders(this.#parts.head.headers);
    return this.#headers;
  }

  /** The body, decoded unless its session says otherwise or its `content-encoding` is not known. */
  bytes(): Promise<Uint8Array> {
    return Promise.resolve(this.#body());
  }

  /** The body as UTF-8, without a byte order mark. */
  text(): Promise<string> {
    return Promise.resolve(this.#text());
  }

  /** The body as JSON; its shape is taken on trust. Rejects with a SyntaxError that shows how the body starts. */
  json<T = unknown>(): Promise<T> {
    // Not async: it saves a generator on the hot path.
    const text = this.#text();
    try {
      return Promise.resolve(JSON.parse(text) as T);
    } catch (cause) {
      const { method } = this.#parts.request;
      const message = `${method} ${this.url} answered ${this.status} without JSON: ${start(text)}`;
      return Promise.reject(new SyntaxError(message, { cause }));
    }
  }

  #text(): string {
    const text = this.#body().toString('utf8');
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  #body(): Buffer {
    const { body } = this.#parts;
    const [first] = body;
    return body.length === 1 && first !== undefined ? first : Buffer.concat(body);
  }
}

function buildHeaders(record: HeaderRecord): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(record)) {
    for (const one of typeof value === 'object' ? value : [value ?? '']) headers.append(name, one);
  }
  return headers;
}

function start(text: string): string {
  if (text === '') return '(empty)';
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
