import type { PreparedRequest } from './prepare-request.ts';

/** A request that follows from the response to another one. */
export type NextRequest = { readonly origin: string; readonly request: PreparedRequest };

/** Why a redirect is not followed. */
export class RedirectError extends Error {
  override readonly name = 'RedirectError';
}

/** Whether a status asks for another request, where a `location` comes with it (RFC 9110, section 15.4). */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * The request that a redirect asks for, as fetch makes it (Fetch standard, HTTP-redirect fetch): a 303, and a 301 or 302 after a POST, go
 * on as GET without a body; credentials do not leave their origin. Throws a RedirectError for a location that is no http(s) URL.
 */
export function redirected(
  { method, path, headers, body }: PreparedRequest,
  origin: string,
  status: number,
  location: string,
): NextRequest {
  const url = URL.parse(location, origin + path);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new RedirectError(`redirected to '${location.slice(0, 200)}', which is no http(s) URL`);
  }
  const asGet =
    (status === 303 && method !== 'GET' && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST');
  // A digest is for one URL.
  const leavesBehind = url.origin !== origin ? CREDENTIALS : isDigest(headers) ? ['authorization'] : [];
  const dropped = [...(asGet ? ABOUT_THE_BODY : []), ...leavesBehind];
  const request = {
    method: asGet ? 'GET' : method,
    path: url.pathname + url.search,
    headers: dropped.length === 0 ? headers : without(headers, dropped),
    body: asGet ? null : body,
  };
  return { origin: url.origin, request };
}

const ABOUT_THE_BODY = ['content-type', 'content-length', 'content-encoding', 'content-language', 'content-location'];
const CREDENTIALS = ['authorization', 'cookie', 'host', 'proxy-authorization'];

function isDigest({ authorization = '' }: PreparedRequest['headers']): boolean {
  return /^digest /i.test(authorization);
}

function without(headers: PreparedRequest['headers'], dropped: readonly string[]): PreparedRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.includes(name)));
}
