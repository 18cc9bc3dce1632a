/** What a request takes beside its method and URL, shaped like fetch's. */
export type RequestOptions = {
  /** Its name in metrics and reports. Default: method and path, ids replaced (`GET /users/:id`). */
  readonly name?: string | undefined;
  /** Headers of this request; they replace the client's defaults of the same name, in any case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A text (UTF-8), bytes, or form fields (`content-type: application/x-www-form-urlencoded`). */
  readonly body?: string | Uint8Array | URLSearchParams | undefined;
  /** A value to send as JSON (`content-type: application/json`), instead of `body`. */
  readonly json?: unknown;
  /** Milliseconds for the whole request: queueing, connecting, response head and body. Default: the client's. */
  readonly timeout?: number | undefined;
  /** Which status is a success. Default: 200 to 399. */
  readonly expectStatus?: ((status: number) => boolean) | undefined;
};
