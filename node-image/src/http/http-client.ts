import { setImmediate } from 'node:timers/promises';
import { Exchange, type ExchangeOwner } from './exchange.ts';
import type { HttpResponse } from './http-response.ts';
import type { Endpoint, TlsOptions } from './open-socket.ts';
import { lowerCaseNames, prepareRequest } from './prepare-request.ts';
import { RequestError } from './request-error.ts';
import { requestName } from './request-name.ts';
import type { RequestOptions } from './request-options.ts';
import type { RequestSample } from './request-sample.ts';
import { type BaseUrl, parseBaseUrl, resolveTarget } from './target-url.ts';
import type { Transport } from './transport.ts';
import { http2Transport, proxyTransport } from './undici/undici-transport.ts';
import { DEFAULT_LIMITS, type ResponseLimits } from './wire/response-limits.ts';
import { WireTransport } from './wire/wire-transport.ts';

export type HttpClientOptions = {
  /** The target of the run, where relative URLs start. */
  readonly baseUrl?: string | undefined;
  /** By `host:port` of a URL: connect there instead (the chaos proxy). URL, Host header and TLS name stay those of the target. */
  readonly dial?: ReadonlyMap<string, { readonly host: string; readonly port: number }> | undefined;
  /** Milliseconds for a whole request, connecting and body included. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Speak HTTP/2 with servers that offer it over TLS. Default: false, HTTP/1.1. */
  readonly http2?: boolean | undefined;
  /** A forward proxy that carries all requests: `http://user:password@host:port`. `dial` and `http2` do not apply then. */
  readonly proxy?: string | undefined;
  /** How much of a response is taken into memory. */
  readonly limits?: Partial<ResponseLimits> | undefined;
  /** The hard stop of the run: cuts off the requests under way and refuses further ones. */
  readonly signal: AbortSignal;
  /** Monotonic, in ms. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined;
  /**
   * Hears of every request that was begun, once, when it has ended and before its caller does, with the body of its
   * response as far as it came. Must not throw.
   */
  readonly onRequest: (sample: RequestSample, body: readonly Buffer[]) => void;
};

/**
 * The HTTP client of one worker; it keeps its connections alive (up to six to an origin) and never retries.
 * The methods are shaped like fetch: `http.post('/items', { json: { name: 'x' } })`. They resolve for every complete response,
 * whatever its status; redirects are not followed. They reject with a `RequestError` when none came, and with a TypeError for
 * a request that cannot be meant.
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
  /** Lets the requests under way end, refuses further ones, and closes all connections. */
  close(): Promise<void>;
}

/** Makes the HTTP client of one worker. Throws a TypeError when `baseUrl` is not an absolute http(s) URL. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new PooledHttpClient(options);
}

function realClock(): number {
  return performance.now();
}

const NO_OPTIONS: RequestOptions = {};

class PooledHttpClient implements HttpClient, ExchangeOwner {
  readonly clock: () => number;
  readonly realTime: boolean;
  readonly #options: HttpClientOptions;
  readonly #base: BaseUrl | undefined;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #transports = new Map<string, Transport>();
  /** In no order; each knows its place. */
  readonly #underWay: Exchange[] = [];
  readonly #onAbort = (): void => this.#cutAll();
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: HttpClientOptions) {
    this.clock = options.clock ?? realClock;
    this.realTime = options.clock === undefined;
    this.#options = options;
    this.#base = options.baseUrl === undefined ? undefined : parseBaseUrl(options.baseUrl);
    this.#headers = lowerCaseNames(options.headers ?? {});
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get(url: string | URL, options?: RequestOptions): Promise<HttpResponse> {
    return this.#send('GET', url, options);
  }

  head(url: string | URL, options?: RequestOptions): Promise<HttpResponse> {
    return this.#send('HEAD', url, options);
  }

  post(url: string | URL, options?: RequestOptions): Promise<HttpResponse> {
    return this.#send('POST', url, options);
  }

  put(url: string | URL, options?: RequestOptions): Promise<HttpResponse> {
    return this.#send('PUT', url, options);
  }

  patch(url: string | URL, options?: RequestOptions): Promise<HttpResponse> {
    return this.#send('PATCH', url, options);
  }

  delete(url: string | URL, options?: RequestOptions): Promise<HttpResponse> {
    return this.#send('DELETE', url, options);
  }

  options(url: string | URL, options?: RequestOptions): Promise<HttpResponse> {
    return this.#send('OPTIONS', url, options);
  }

  request(method: string, url: string | URL, options?: RequestOptions): Promise<HttpResponse> {
    return this.#send(method.toUpperCase(), url, options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  onSettled(exchange: Exchange, sample: RequestSample): void {
    this.#forget(exchange);
    this.#options.onRequest(sample, exchange.body);
    if (this.#underWay.length === 0) this.#onIdle?.();
  }

  // Not async: on the hot path the promise of the exchange is enough.
  #send(method: string, url: string | URL, options: RequestOptions = NO_OPTIONS): Promise<HttpResponse> {
    try {
      const { origin, path } = resolveTarget(method, url, this.#base);
      if (this.#closing !== undefined || this.#options.signal.aborted) return this.#refuse(method, origin + path);
      const request = prepareRequest(method, path, options, this.#headers);
      const transport = this.#transportTo(origin);
      const exchange = new Exchange(
        {
          request,
          origin,
          name: options.name ?? requestName(method, path),
          timeoutMs: options.timeout ?? this.#timeoutMs,
          expectStatus: options.expectStatus ?? isSuccess,
        },
        this,
      );
      exchange.place = this.#underWay.push(exchange) - 1;
      exchange.submitTo(transport);
      return exchange.response;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #forget(exchange: Exchange): void {
    const last = this.#underWay.pop();
    if (last === undefined || last === exchange) return;
    this.#underWay[exchange.place] = last;
    last.place = exchange.place;
  }

  /** Rejects in a later turn of the event loop: a scenario that tries again for ever must not block it. */
  async #refuse(method: string, url: string): Promise<never> {
    await setImmediate();
    throw new RequestError(
      method,
      url,
      'aborted',
      new Error(this.#options.signal.aborted ? STOPPED : 'the client is closed'),
    );
  }

  async #close(): Promise<void> {
    if (this.#underWay.length > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onIdle = resolve;
      await promise;
    }
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    await Promise.all(Array.from(this.#transports.values(), (transport) => transport.close()));
  }

  #transportTo(origin: string): Transport {
    let transport = this.#transports.get(origin);
    if (transport === undefined) {
      transport = this.#openTransport(origin);
      this.#transports.set(origin, transport);
    }
    return transport;
  }

  #openTransport(origin: string): Transport {
    const { http2, proxy } = this.#options;
    const limits = this.#options.limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...this.#options.limits };
    const url = new URL(origin);
    const endpoint = this.#endpointOf(url);
    if (proxy !== undefined) return proxyTransport(origin, endpoint, proxy, limits.maxBodyBytes);
    if (http2 === true && endpoint.secure) return http2Transport(origin, endpoint, limits.maxBodyBytes);
    return new WireTransport(url.host, endpoint, limits);
  }

  #endpointOf(origin: URL): Endpoint {
    const secure = origin.protocol === 'https:';
    const port = origin.port === '' ? (secure ? 443 : 80) : Number(origin.port);
    const hostname = origin.hostname.replace(/^\[|\]$/g, '');
    const dial = this.#options.dial?.get(`${origin.hostname}:${port}`) ?? { host: hostname, port };
    return { secure, hostname, dial, tls: this.#options.tls ?? {} };
  }

  #cutAll(): void {
    const cause = new Error(STOPPED);
    for (const exchange of Array.from(this.#underWay)) exchange.cut('aborted', cause);
  }
}

const STOPPED = 'the run was stopped';

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 399;
}
