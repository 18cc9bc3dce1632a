import { STATUS_CODES } from 'node:http';

/** What a `BufferedResponse` is made of; `bytes` is null where a status has no body. */
export type ResponseParts = {
  readonly status: number;
  readonly bytes: Uint8Array | null;
  /** Asked for when somebody looks at them. */
  readonly headers: () => Headers;
  readonly url: string;
  readonly redirected: boolean;
};

/**
 * A `Response` of fetch whose body is in memory. It is read there and then: through the streams that `Response` reads its
 * body by, a small answer costs more than the request.
 */
export function bufferedResponse(parts: ResponseParts): Response {
  return new BufferedResponse(parts) as unknown as Response;
}

/** Its members are fields to TypeScript, which no accessor may stand for; at run time they are accessors. */
const Base = Response as unknown as new (body: null, init: ResponseInit) => object;

class BufferedResponse extends Base {
  readonly #parts: ResponseParts;
  #used = false;
  #streamed: Response | undefined;

  constructor(parts: ResponseParts) {
    super(null, { status: parts.status, statusText: STATUS_CODES[parts.status] ?? '' });
    this.#parts = parts;
  }

  get url(): string {
    return this.#parts.url;
  }

  get redirected(): boolean {
    return this.#parts.redirected;
  }

  get headers(): Headers {
    return this.#parts.headers();
  }

  get bodyUsed(): boolean {
    return this.#used || (this.#streamed?.bodyUsed ?? false);
  }

  get body(): Response['body'] {
    if (this.#parts.bytes === null) return null;
    this.#streamed ??= this.#native();
    return this.#streamed.body;
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(this.#take());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#take()).buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(this.#take());
  }

  async json(): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(this.#take()));
  }

  blob(): ReturnType<Response['blob']> {
    return this.#whole().blob();
  }

  formData(): ReturnType<Response['formData']> {
    return this.#whole().formData();
  }

  clone(): Response {
    if (this.bodyUsed || this.#streamed?.body?.locked)
      throw new TypeError('Response.clone: Body has already been consumed.');
    return bufferedResponse(this.#parts);
  }

  /** The body, which can be had once. */
  #take(): Uint8Array {
    if (this.bodyUsed || this.#streamed?.body?.locked)
      throw new TypeError('Body is unusable: Body has already been read');
    this.#used = this.#parts.bytes !== null;
    return this.#parts.bytes ?? new Uint8Array();
  }

  #whole(): Response {
    this.#take();
    return this.#native();
  }

  #native(): Response {
    const { bytes, headers, status } = this.#parts;
    return new Response(bytes as Uint8Array<ArrayBuffer> | null, { status, headers: headers() });
  }
}
