import { Headers } from 'undici';

/** Response headers by lower-case name, as undici parses them. */
export type HeaderRecord = Readonly<Record<string, string | string[] | undefined>>;

export type HttpResponseParts = {
  readonly method: string;
  readonly status: number;
  readonly ok: boolean;
  readonly headers: HeaderRecord;
  readonly body: readonly Buffer[];
  readonly url: string;
  readonly name: string;
  readonly durationMs: number;
  readonly waitingMs: number;
};

/** A complete response: its body is in memory, so it can be read more than once. Redirects are not followed. */
export class HttpResponse {
  readonly #parts: HttpResponseParts;
  #headers: Headers | undefined;

  constructor(parts: HttpResponseParts) {
    this.#parts = parts;
  }

  get status(): number {
    return this.#parts.status;
  }

  /** The status was expected: 200 to 399, or what `expectStatus` says. */
  get ok(): boolean {
    return this.#parts.ok;
  }

  /** The URL that was asked for. */
  get url(): string {
    return this.#parts.url;
  }

  /** The name that its samples carry. */
  get name(): string {
    return this.#parts.name;
  }

  /** From the writing of the request to the last body byte, in ms. */
  get durationMs(): number {
    return this.#parts.durationMs;
  }

  /** From the writing of the request to the response head, in ms. */
  get waitingMs(): number {
    return this.#parts.waitingMs;
  }

  get headers(): Headers {
    this.#headers ??= buildHeaders(this.#parts.headers);
    return this.#headers;
  }

  /** The body as it came: a `content-encoding` that the request asked for is not undone. */
  async bytes(): Promise<Uint8Array> {
    return this.#body();
  }

  /** The body as UTF-8, without a byte order mark. */
  async text(): Promise<string> {
    return this.#text();
  }

  /** The body as JSON; its shape is taken on trust. Rejects with a SyntaxError that shows how the body starts. */
  async json<T = unknown>(): Promise<T> {
    const text = this.#text();
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      const { method, url, status } = this.#parts;
      throw new SyntaxError(`${method} ${url} answered ${status} without JSON: ${start(text)}`, { cause });
    }
  }

  #text(): string {
    const text = this.#body().toString('utf8');
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  #body(): Buffer {
    const [first, ...rest] = this.#parts.body;
    if (first === undefined) return Buffer.alloc(0);
    return rest.length === 0 ? first : Buffer.concat(this.#parts.body);
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
