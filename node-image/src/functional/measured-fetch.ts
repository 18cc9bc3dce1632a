import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { active } from '../api/active.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { HttpResponse } from '../http/http-response.ts';
import { RequestError } from '../http/request-error.ts';
import { bufferedResponse } from './buffered-response.ts';

const MOST_REDIRECTS = 20;

type Body = string | Uint8Array | URLSearchParams;
type Call = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | undefined;
};

/** What `fetch` rejects with when no complete response came, as Node has it: the error of the network is its `cause`. */
export class FetchError extends TypeError {
  readonly request: RequestError;

  constructor(request: RequestError) {
    super('fetch failed', { cause: request.cause });
    // Its users look for a TypeError, and see it by this name.
    this.name = 'TypeError';
    this.request = request;
  }
}

/** The request that failed and that an error tells of, if it tells of one. */
export function requestErrorOf(error: unknown): RequestError | undefined {
  if (error instanceof RequestError) return error;
  return error instanceof FetchError ? error.request : undefined;
}

/**
 * A `fetch` that sends what is asked on behalf of a worker with that worker's HTTP client: measured, named, and through the
 * run's proxies. Elsewhere it is `native`. Each redirect that it follows is a request of its own.
 */
export function measuredFetch(native: typeof fetch): typeof fetch {
  return (input, init) => {
    const http = active.getStore()?.http?.();
    return http ? send(http, input, init ?? {}) : native(input, init);
  };
}

/** Puts the measured `fetch` in the place of the process's own. */
export function installFetch(): void {
  globalThis.fetch = measuredFetch(globalThis.fetch);
}

async function send(http: HttpClient, input: Parameters<typeof fetch>[0], init: RequestInit): Promise<Response> {
  const plain = plainCall(input, init);
  const request = plain ? undefined : new Request(input, init);
  const call = plain ?? (await callOf(request as Request));
  const signal = request?.signal ?? init.signal ?? undefined;
  signal?.throwIfAborted();
  const done = follow(http, call, request?.redirect ?? init.redirect ?? 'follow');
  return await (signal ? unlessAborted(done, signal) : done);
}

/** What most calls are; a `Request`, which understands all of them, takes longer than the rest. */
function plainCall(
  input: Parameters<typeof fetch>[0],
  { method = 'GET', headers, body }: RequestInit,
): Call | undefined {
  if (input instanceof Request) return undefined;
  const given = headers instanceof Headers ? Object.fromEntries(headers) : Array.isArray(headers) ? undefined : headers;
  if (headers !== undefined && given === undefined) return undefined;
  const isPlain =
    body === undefined ||
    body === null ||
    typeof body === 'string' ||
    body instanceof Uint8Array ||
    body instanceof URLSearchParams;
  if (!isPlain) return undefined;
  const url = typeof input === 'string' ? input : input.href;
  return {
    method: /^[a-z]+$/.test(method) ? method.toUpperCase() : method,
    url,
    headers: withDefaults(given as Record<string, string> | undefined, body ?? undefined),
    body: body ?? undefined,
  };
}

const ACCEPT = { accept: '*/*' };

function withDefaults(given: Readonly<Record<string, string>> | undefined, body: Body | undefined): Call['headers'] {
  if (given === undefined && typeof body !== 'string') return ACCEPT;
  const headers: Record<string, string> = { ...ACCEPT };
  if (typeof body === 'string') headers['content-type'] = 'text/plain;charset=UTF-8';
  for (const [name, value] of Object.entries(given ?? {})) headers[name.toLowerCase()] = String(value);
  return headers;
}

async function callOf(request: Request): Promise<Call> {
  const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined;
  const headers = { ...ACCEPT, ...Object.fromEntries(request.headers) };
  return { method: request.method, url: request.url, headers, body };
}

async function follow(
  http: HttpClient,
  first: Call,
  redirect: NonNullable<RequestInit['redirect']>,
): Promise<Response> {
  let call = first;
  for (let hop = 0; ; hop++) {
    const response = await sendOnce(http, call);
    const location = isRedirect(response.status) ? response.headers.get('location') : null;
    if (location === null || redirect === 'manual') return await responseOf(response, hop > 0);
    if (redirect === 'error' || hop === MOST_REDIRECTS)
      throw new TypeError('fetch failed', {
        cause: new Error(redirect === 'error' ? 'unexpected redirect' : 'redirect count exceeded'),
      });
    call = redirected(call, response, location);
  }
}

async function sendOnce(http: HttpClient, { method, url, headers, body }: Call): Promise<HttpResponse> {
  try {
    return await http.request(method, url, { headers, body });
  } catch (error) {
    throw error instanceof RequestError ? new FetchError(error) : error;
  }
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** The next call, by the Fetch standard (HTTP-redirect fetch): 303, and a POST with 301 or 302, go on as GET without a body. */
function redirected({ method, headers, body }: Call, { status, url: from }: HttpResponse, location: string): Call {
  const url = new URL(location, from);
  const asGet =
    (status === 303 && method !== 'GET' && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST');
  const dropped = [
    ...(asGet ? ['content-type', 'content-length', 'content-encoding', 'content-language', 'content-location'] : []),
    ...(url.origin === new URL(from).origin ? [] : ['authorization', 'cookie', 'host', 'proxy-authorization']),
  ];
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.includes(name)));
  return { method: asGet ? 'GET' : method, url: url.href, headers: kept, body: asGet ? undefined : body };
}

/** Responses that have no body, whatever came. */
const NULL_BODY: readonly number[] = [101, 204, 205, 304];

async function responseOf(response: HttpResponse, redirected: boolean): Promise<Response> {
  const { status, url } = response;
  const body = await response.bytes();
  const bytes = NULL_BODY.includes(status) ? null : await decoded(body, response.headers.get('content-encoding'));
  return bufferedResponse({ status, bytes, headers: () => response.headers, url, redirected });
}

const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => Promise<Uint8Array>>> = {
  gzip: promisify<Uint8Array, Buffer>(gunzip),
  'x-gzip': promisify<Uint8Array, Buffer>(gunzip),
  deflate: promisify<Uint8Array, Buffer>(inflate),
  br: promisify<Uint8Array, Buffer>(brotliDecompress),
  zstd: promisify<Uint8Array, Buffer>(zstdDecompress),
};

/** `fetch` undoes the encoding of a body; nothing is asked for here unless the caller does. */
async function decoded(bytes: Uint8Array, encoding: string | null): Promise<Uint8Array> {
  const decode = encoding === null || bytes.length === 0 ? undefined : DECODERS[encoding.trim().toLowerCase()];
  return decode ? await decode(bytes) : bytes;
}

/** The request itself goes on to its end, and is measured: only nobody waits for it any more. */
async function unlessAborted(done: Promise<Response>, signal: AbortSignal): Promise<Response> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  done.catch(() => undefined);
  try {
    return await Promise.race([done, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
