import { requestBody } from './body/request-body.ts';
import type { StreamedBody } from './body/streamed-body.ts';
import { authorizationOf } from './credentials.ts';
import type { RequestOptions } from './request-options.ts';
import { lowerCaseNames } from './session-options.ts';

/** A request as a transport takes it. */
export type PreparedRequest = {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | StreamedBody | null;
};

/** Builds the request of `options` on top of the default headers (by lower-case name). Throws a TypeError for `body` with `json`. */
export function prepareRequest(
  method: string,
  path: string,
  options: RequestOptions,
  defaults: Readonly<Record<string, string>>,
): PreparedRequest {
  const { body, contentType } = requestBody(options);
  return { method, path, headers: prepareHeaders(options, contentType, defaults), body };
}

function prepareHeaders(
  { headers: given, auth }: RequestOptions,
  contentType: string | undefined,
  defaults: Readonly<Record<string, string>>,
): PreparedRequest['headers'] {
  if (contentType === undefined && given === undefined && auth === undefined) return defaults;
  const headers = { ...defaults };
  if (contentType !== undefined) headers['content-type'] = contentType;
  const authorization = auth && authorizationOf(auth);
  if (authorization !== undefined) headers.authorization = authorization;
  return given === undefined ? headers : Object.assign(headers, lowerCaseNames(given));
}
