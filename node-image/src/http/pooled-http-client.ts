import { setImmediate } from 'node:timers/promises';
import { type Abortable, takeBack, tellOfAbort } from '../connection/abort-list.ts';
import { checkOptions } from './check-options.ts';
import { type ContentCoding, encodeBody } from './content-coding.ts';
import { SessionCookies, withCookies } from './cookies.ts';
import { authorizationOf } from './credentials.ts';
import { Exchange, type ExchangeOwner, type ExchangeSpec } from './exchange.ts';
import type { HttpClient, HttpClientOptions } from './http-client.ts';
import type { HttpResponse } from './http-response.ts';
import { nextRequest } from './next-request.ts';
import { type PlainRequests, plainRequestsFrom, type ReadyRequest, sendsNothing } from './plain-requests.ts';
import { type PreparedRequest, prepareRequest } from './prepare-request.ts';
import type { NextRequest } from './redirect.ts';
import { RequestError } from './request-error.ts';
import { requestName } from './request-name.ts';
import type { RequestOptions } from './request-options.ts';
import type { RequestSample } from './request-sample.ts';
import type { ResponseHeaders } from './response-headers.ts';
import { lowerCaseNames, overlaid, type SessionOptions } from './session-options.ts';
import { type BaseUrl, parseBaseUrl, resolveTarget } from './target-url.ts';
import { Transports } from './transports.ts';
import { UnderWay } from './under-way.ts';

const NO_OPTIONS: RequestOptions = {};
const NO_HEADERS: Readonly<Record<string, string>> = {};
const DEFAULT_REDIRECTS = 10;
const STOPPED = 'the run was stopped';

/** A session on connections of its own, and those within it. */
export class PooledHttpClient implements HttpClient, ExchangeOwner, Abortable {
  readonly clock: () => number;
  readonly realTime: boolean;
  readonly cookies: SessionCookies;
  readonly maxDecodedBytes: number;
  readonly #options: HttpClientOptions;
  readonly #base: BaseUrl | undefined;
  readonly #headers: Readonly<Record<string, string>>;
  /** To the origin of the base URL, which gets the credentials. */
  readonly #ownHeaders: Readonly<Record<string, string>>;
  /** Those of sessions that add nothing to them. */
  readonly #plain: PlainRequests | undefined;
  readonly #timeoutMs: number;
  readonly #transports: Transports;
  #sessions: Set<PooledHttpClient> | undefined;
  readonly #underWay = new UnderWay();
  /** The session that it was opened within. */
  #outer: PooledHttpClient | undefined;
  #closing: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  constructor(options: HttpClientOptions) {
    const { baseUrl, auth, headers } = options;
    this.clock = options.clock ?? realClock;
    this.realTime = options.clock === undefined;
    this.#options = options;
    this.#base = baseUrl === undefined ? undefined : parseBaseUrl(baseUrl);
    if (auth !== undefined && baseUrl === undefined) {
      throw new TypeError('`auth` of a session needs a base URL: its credentials are sent to that origin only');
    }
    this.#headers = headers === undefined ? NO_HEADERS : lowerCaseNames(headers);
    const authorization = auth && authorizationOf(auth);
    this.#ownHeaders = authorization === undefined ? this.#headers : { authorization, ...this.#headers };
    if (this.#base !== undefined && this.#ownHeaders === NO_HEADERS) this.#plain = plainRequestsFrom(this.#base);
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#transports = new Transports(options, options.dial);
    this.cookies = new SessionCookies(this.#base);
    this.maxDecodedBytes = options.decompress === false ? -1 : this.#transports.limits.maxBodyBytes;
    tellOfAbort(options.signal, this);
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

  session(options: SessionOptions = {}): HttpClient {
    if (this.#closing !== undefined) throw new Error('the client is closed');
    const session = new PooledHttpClient(overlaid(this.#options, options));
    const sessions = this.#sessions ?? new Set();
    this.#sessions = sessions.add(session);
    session.#outer = this;
    this.#options.onSession?.(session);
    return session;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A session within this one has closed. */
  forget(session: PooledHttpClient): void {
    this.#sessions?.delete(session);
  }

  onSettled(exchange: Exchange, sample: RequestSample): void {
    this.#underWay.delete(exchange);
    this.#options.onRequest(sample, exchange.body);
    if (this.#underWay.empty) this.#onIdle?.();
  }

  nextRequest({ bare, origin, options, redirects }: ExchangeSpec, head: ResponseHeaders): NextRequest | undefined {
    const session = this.#options;
    const auth = options.auth ?? (origin === this.#base?.origin ? session.auth : undefined);
    const redirect = options.redirect ?? session.redirect ?? 'follow';
    const maxRedirects = options.maxRedirects ?? session.maxRedirects ?? DEFAULT_REDIRECTS;
    return nextRequest({ request: bare, origin, redirects, redirect, maxRedirects, auth }, head);
  }

  goOn(
    exchange: Exchange,
    response: HttpResponse,
    next: NextRequest | undefined,
  ): HttpResponse | Promise<HttpResponse> {
    const { spec, head } = exchange;
    const kept = this.#keepsCookies(spec.options) ? this.cookies.keep(head, response.url) : undefined;
    const onward = (): HttpResponse | Promise<HttpResponse> =>
      next === undefined ? response : this.#follow(exchange, next);
    // A microtask later the connection is free for what comes next.
    return kept === undefined && next === undefined ? response : Promise.resolve(kept).then(onward);
  }

  // Not async: on the hot path the promise of the exchange is enough.
  #send(method: string, url: string | URL, options: RequestOptions = NO_OPTIONS): Promise<HttpResponse> {
    try {
      if (options !== NO_OPTIONS) checkOptions(options);
      const plain =
        this.#plain !== undefined && typeof url === 'string' && sendsNothing(options) ? this.#plain : undefined;
      const ready = plain?.get(method, url as string) ?? this.#ready(method, url, options, plain);
      if (this.#refuses) return this.#refuse(method, ready.origin + ready.request.path);
      if (options.compress !== undefined) return this.#compress(ready, options, options.compress);
      return this.#begin(ready, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Prepares a request, and keeps it where it is to be kept. */
  #ready(method: string, url: string | URL, options: RequestOptions, kept: PlainRequests | undefined): ReadyRequest {
    const { origin, path } = resolveTarget(method, url, this.#base);
    const defaults = origin === this.#base?.origin ? this.#ownHeaders : this.#headers;
    const request = prepareRequest(method, path, options, defaults);
    const ready = { origin, request, name: requestName(method, path) };
    kept?.set(method, String(url), ready);
    return ready;
  }

  #begin({ origin, request: bare, name }: ReadyRequest, options: RequestOptions): Promise<HttpResponse> {
    const timeoutMs = options.timeout ?? this.#timeoutMs;
    return this.#submit({
      request: this.#cookied(origin, bare, options),
      bare,
      origin,
      name: options.name ?? name,
      group: this.#options.group?.() ?? '',
      options,
      timeoutMs,
      leftMs: timeoutMs,
      redirects: 0,
    });
  }

  /** The next request of a call, in the time that is left. */
  #follow({ spec, head, startMs }: Exchange, { origin, request: bare }: NextRequest): Promise<HttpResponse> {
    const { method, path } = bare;
    if (this.#refuses) return this.#refuse(method, origin + path);
    const { group, options, timeoutMs, leftMs, redirects } = spec;
    return this.#submit({
      request: this.#cookied(origin, bare, options),
      bare,
      origin,
      name: options.name ?? requestName(method, path),
      group,
      options,
      timeoutMs,
      leftMs: Math.max(0, leftMs - (this.clock() - startMs)),
      redirects: redirects + (head.status === 401 ? 0 : 1),
    });
  }

  #submit(spec: ExchangeSpec): Promise<HttpResponse> {
    const transport = this.#transports.to(spec.origin);
    const exchange = new Exchange(spec, this);
    this.#underWay.add(exchange);
    exchange.submitTo(transport);
    return exchange.response;
  }

  async #compress(ready: ReadyRequest, options: RequestOptions, coding: ContentCoding): Promise<HttpResponse> {
    const { origin, request: bare } = ready;
    if (bare.body === null) return await this.#begin(ready, options);
    if (!(bare.body instanceof Buffer)) throw new TypeError('`compress` is not for files and forms with files');
    const body = await encodeBody(bare.body, coding);
    if (this.#refuses) return await this.#refuse(bare.method, origin + bare.path);
    const request = { ...bare, headers: { ...bare.headers, 'content-encoding': coding }, body };
    return await this.#begin({ ...ready, request }, options);
  }

  #cookied(origin: string, bare: PreparedRequest, { cookies }: RequestOptions): PreparedRequest {
    if (cookies === false || (cookies === undefined && !this.cookies.any)) return bare;
    return withCookies(
      bare,
      this.#options.cookies === false ? '' : this.cookies.headerFor(origin + bare.path),
      cookies,
    );
  }

  #keepsCookies({ cookies }: RequestOptions): boolean {
    return cookies !== false && this.#options.cookies !== false;
  }

  get #refuses(): boolean {
    return this.#closing !== undefined || this.#options.signal.aborted;
  }

  /** Rejects in a later turn of the event loop: a scenario that tries again for ever must not block it. */
  async #refuse(method: string, url: string): Promise<never> {
    await setImmediate();
    const reason = this.#options.signal.aborted ? STOPPED : 'the client is closed';
    throw new RequestError(method, url, 'aborted', new Error(reason));
  }

  async #close(): Promise<void> {
    await Promise.all(Array.from(this.#sessions ?? [], (session) => session.close()));
    if (!this.#underWay.empty) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onIdle = resolve;
      await promise;
    }
    takeBack(this.#options.signal, this);
    await this.#transports.close();
    this.#outer?.forget(this);
  }

  /** The run is cut. */
  onAbort(): void {
    const cause = new Error(STOPPED);
    for (const exchange of this.#underWay.all) exchange.cut('aborted', cause);
  }
}

function realClock(): number {
  return performance.now();
}
