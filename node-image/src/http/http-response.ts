import type { RequestSample } from './request-sample.ts';
import type { HeaderRecord } from './response-headers.ts';

export type HttpResponseParts = {
  readonly ok: boolean;
  /** Decoded. */
  readonly body: readonly Buffer[];
  readonly redirected: boolean;
};

/** A complete response: its body is in memory, so it can be read more than once. */
export class HttpResponse {
  readonly #sample: RequestSample;
  readonly #ok: boolean;
  readonly #chunks: readonly Buffer[];
  readonly #redirected: boolean;
  #headers: Headers | undefined;

  constructor(sample: RequestSample, { ok, body, redirected }: HttpResponseParts) {
    this.#sample = sample;
    this.#ok = ok;
    this.#chunks = body;
    this.#redirected = redirected;
  }

  get status(): number {
    return this.#sample.head.status;
  }

  /** The status was expected: 200 to 399, or what `expectStatus` says. */
  get ok(): boolean {
    return this.#ok;
  }

  /** The URL that was asked for, the last one after redirects. */
  get url(): string {
    return this.#sample.origin + this.#sample.request.path;
  }

  /** It came after redirects that were followed. */
  get redirected(): boolean {
    return this.#redirected;
  }

  /** The name that its sample carries. */
  get name(): string {
    return this.#sample.name;
  }

  /** From the writing of the request to the last body byte, in ms; of the last request after redirects, as `waitingMs`. */
  get durationMs(): number {
    return this.#sample.durationMs;
  }

  /** From the end of the writing of the request to the response head, in ms. */
  get waitingMs(): number {
    return this.#sample.waitingMs;
  }

  get headers(): Headers {
    this.#headers ??= buildHeaders(this.#sample.head.headers);
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
      const { method } = this.#sample.request;
      const message = `${method} ${this.url} answered ${this.status} without JSON: ${start(text)}`;
      return Promise.reject(new SyntaxError(message, { cause }));
    }
  }

  #text(): string {
    const text = this.#body().toString('utf8');
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  #body(): Buffer {
    const chunks = this.#chunks;
    const [first] = chunks;
    return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
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
