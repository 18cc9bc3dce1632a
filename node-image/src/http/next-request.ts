import type { Credentials } from './credentials.ts';
import { answerTo } from './digest.ts';
import type { PreparedRequest } from './prepare-request.ts';
import { isRedirect, type NextRequest, RedirectError, redirected } from './redirect.ts';
import type { ResponseHeaders } from './response-headers.ts';

/** A request that was sent, and what its caller and its session want of redirects and challenges. */
export type Asked = {
  readonly request: PreparedRequest;
  readonly origin: string;
  /** How many redirects led to it. */
  readonly redirects: number;
  readonly redirect: 'follow' | 'manual';
  readonly maxRedirects: number;
  /** For this origin. */
  readonly auth: Credentials | undefined;
};

/**
 * The request that has to come before the caller gets a response, by the head of this one: where a redirect leads, or the
 * answer to a challenge. Throws a RedirectError for one redirect too many, and for one to nowhere.
 */
export function nextRequest(asked: Asked, head: ResponseHeaders): NextRequest | undefined {
  const { request, origin, redirects, redirect, maxRedirects, auth } = asked;
  if (head.status === 401) {
    // Answered once: a second challenge says that the password is wrong.
    const answer = auth && request.headers.authorization === undefined ? answerTo(head, request, auth) : undefined;
    return answer && { origin, request: answer };
  }
  const location = redirect === 'follow' && isRedirect(head.status) ? head.header('location') : undefined;
  if (location === undefined) return undefined;
  if (redirects >= maxRedirects) throw new RedirectError(`more than ${maxRedirects} redirects`);
  return redirected(request, origin, head.status, location);
}
