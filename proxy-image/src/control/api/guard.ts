import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is refused before anybody looks at it. */
export type Refused = {
  readonly status: 401 | 403;
  /** The header that is missing or wrong; '' where it is the whole request. */
  readonly header: string;
  readonly description: string;
  /** For the answer. */
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * Why a request has to be refused, by its headers; undefined when it has not. Those of a browser page always are: a page of
 * anybody could ask in the name of whoever looks at it (CSRF, DNS rebinding). Where there is a token, `Authorization: Bearer
 * TOKEN` is demanded, and compared in constant time.
 */
export function refusalOf(headers: IncomingHttpHeaders, token: string | undefined): Refused | undefined {
  if (isFromPage(headers)) {
    return { status: 403, header: '', description: 'requests from a browser page are refused', headers: {} };
  }
  if (token === undefined) return undefined;
  const given = /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return undefined;
  const description = given === undefined ? 'a token is needed' : 'the token is wrong';
  return { status: 401, header: 'Authorization', description, headers: { 'WWW-Authenticate': 'Bearer' } };
}

function isFromPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return (
    headers.origin !== undefined ||
    (site !== undefined && site !== 'none' && site !== 'same-origin') ||
    headers['user-agent']?.startsWith('Mozilla/') === true
  );
}

/** Digests have one length, whatever was given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
