import type { Cookies } from './cookies.ts';
import type { HttpResponse } from './http-response.ts';
import type { RequestOptions } from './request-options.ts';
import type { RequestSample } from './request-sample.ts';
import type { SessionOptions } from './session-options.ts';
import type { Dial } from './transports.ts';

export type HttpClientOptions = SessionOptions & {
  /** By `host:port` of a URL: connect there instead (the chaos proxy). URL, Host header and TLS name stay those of the target. */
  readonly dial?: Dial | undefined;
  /** The hard stop of the run: cuts off the requests under way and refuses further ones. */
  readonly signal: AbortSignal;
  /** Monotonic, in ms. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined;
  /** The step that a request is begun in, '' for none. */
  readonly group?: (() => string) | undefined;
  /**
   * Hears of every request that was begun, once, when it has ended and before its caller does, with the body of its
   * response as it came, as far as it came. Must not throw.
   */
  readonly onRequest: (sample: RequestSample, body: readonly Buffer[]) => void;
  /** Hears of every session that is opened within this one. */
  readonly onSession?: ((session: HttpClient) => void) | undefined;
};

/**
 * An HTTP session: cookies, connections that are kept alive (up to six to an origin), and options for all of its requests.
 * It never sends a request twice by itself, but where a redirect or a challenge for a digest asks for it.
 * The methods are shaped like fetch: `http.post('/items', { json: { name: 'x' } })`. They resolve for every complete response,
 * whatever its status. They reject with a `RequestError` when none came, and with a TypeError for a request that cannot be meant.
 */
export interface HttpClient extends AsyncDisposable {
  get(url: string | URL, options?: RequestOptions): Promise<HttpResponse>;
  head(url: string | URL, options?: RequestOptions): Promise<HttpResponse>;
  post(url: string | URL, options?: RequestOptions): Promise<HttpResponse>;
  put(url: string | URL, options?: RequestOptions): Promise<HttpResponse>;
  patch(url: string | URL, options?: RequestOptions): Promise<HttpResponse>;
  delete(url: string | URL, options?: RequestOptions): Promise<HttpResponse>;
  options(url: string | URL, options?: RequestOptions): Promise<HttpResponse>;
  request(method: string, url: string | URL, options?: RequestOptions): Promise<HttpResponse>;
  /** The session's cookies. */
  readonly cookies: Cookies;
  /**
   * Opens a session with cookies and connections of its own, and with these options over those of this one. It is closed
   * with this one at the latest: `await using http = outer.session({ auth })`. Throws an Error for options that cannot be meant.
   */
  session(options?: SessionOptions): HttpClient;
  /** Lets the requests under way end, refuses further ones, and closes all connections and inner sessions. */
  close(): Promise<void>;
}
