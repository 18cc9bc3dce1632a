import { active } from '../api/active.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { HttpResponse } from '../http/http-response.ts';
import { isRedirect } from '../http/redirect.ts';
import { RequestError } from '../http/request-error.ts';

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
    const cause = request.failure === 'redirect' ? new Error('redirect count exceeded') : request.cause;
    super('fetch failed', { cause });
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
  { method, url, headers, body }: Call,
  redirect: NonNullable<RequestInit['redirect']>,
): Promise<Response> {
  const response = await sent(
    http.request(method, url, {
      headers,
      body,
      redirect: redirect === 'follow' ? 'follow' : 'manual',
      maxRedirects: MOST_REDIRECTS,
      // Node's fetch knows none.
      cookies: false,
    }),
  );
  if (redirect === 'error' && isRedirect(response.status) && response.headers.has('location')) {
    throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') });
  }
  return await responseOf(response);
}

async function sent(response: Promise<HttpResponse>): Promise<HttpResponse> {
  try {
    return await response;
  } catch (error) {
    throw error instanceof RequestError ? new FetchError(error) : error;
  }
}

/** Responses that have no body, whatever came. */
const NULL_BODY: readonly number[] = [101, 204, 205, 304];

/** Only here: it is a `Response`, for which Node loads all of fetch. */
let responses: typeof import('./buffered-response.ts') | undefined;

async function responseOf(response: HttpResponse): Promise<Response> {
  responses ??= await import('./buffered-response.ts');
  const { status, url, redirected } = response;
  const body = await response.bytes();
  const bytes = NULL_BODY.includes(status) ? null : body;
  return responses.bufferedResponse({ status, bytes, headers: () => response.headers, url, redirected });
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
