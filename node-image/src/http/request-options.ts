import type { ContentCoding } from './content-coding.ts';
import type { Credentials } from './credentials.ts';
import type { ExpectedStatus } from './expected-status.ts';

/** What a request takes beside its method and URL, shaped like fetch's. */
export type RequestOptions = {
  /** Its name in metrics and reports, and that of the redirects that it follows. Default: method and path, ids replaced (`GET /users/:id`). */
  readonly name?: string | undefined;
  /** Headers of this request; they replace the session's of the same name, in any case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * A text (UTF-8), bytes, form fields (`application/x-www-form-urlencoded`), form fields with files (`multipart/form-data`), or a
   * file (`await file('photo.jpg')`). Files are read while they are sent.
   */
  readonly body?: string | Uint8Array | URLSearchParams | FormData | Blob | undefined;
  /** A value to send as JSON (`content-type: application/json`), instead of `body`. */
  readonly json?: unknown;
  /** Send the body in this coding (`content-encoding`). Not for files and forms with files. */
  readonly compress?: ContentCoding | undefined;
  /** Who asks, instead of the session's `auth`. Does not follow a redirect to another origin. */
  readonly auth?: Credentials | undefined;
  /** Cookies of this request alone, over the session's of the same name; `false`: none is sent and none kept. */
  readonly cookies?: Readonly<Record<string, string>> | false | undefined;
  /** Ask where a redirect leads, or take it as the response. Default: the session's. */
  readonly redirect?: 'follow' | 'manual' | undefined;
  /** How many redirects are followed. Default: the session's. */
  readonly maxRedirects?: number | undefined;
  /** Milliseconds for the whole request: queueing, connecting, redirects, response head and body. Default: the session's. */
  readonly timeout?: number | undefined;
  /** Which status is a success, or which are; a redirect that is followed always is. Default: 200 to 399. */
  readonly expectStatus?: ExpectedStatus | undefined;
};
