import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { ApiError } from './api-error.ts';

/**
 * Refuses a request that a browser page makes: a page of anybody could break the network of whoever looks at it (CSRF,
 * DNS rebinding). Throws ApiError 403.
 */
export function refuseBrowsers(request: Request): void {
  const site = request.get('Sec-Fetch-Site');
  const fromPage =
    request.get('Origin') !== undefined ||
    (site !== undefined && site !== 'none' && site !== 'same-origin') ||
    request.get('User-Agent')?.startsWith('Mozilla/') === true;
  if (!fromPage) return;
  const description = 'requests from a browser page are refused';
  throw new ApiError(403, [{ location: 'header', name: '', description }]);
}

/** Demands `Authorization: Bearer TOKEN`; compares in constant time. Throws ApiError 401. */
export function demandToken(request: Request, token: string): void {
  const given = /^Bearer +(.+)$/i.exec(request.get('Authorization') ?? '')?.[1];
  if (given !== undefined && timingSafeEqual(digest(given), digest(token))) return;
  const description = given === undefined ? 'a token is needed' : 'the token is wrong';
  throw new ApiError(401, [{ location: 'header', name: 'Authorization', description }], {
    'WWW-Authenticate': 'Bearer',
  });
}

/** Digests have one length, whatever was given. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
