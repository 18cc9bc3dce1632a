import type { RequestOptions } from './request-options.ts';

/** A request as a transport takes it. */
export type PreparedRequest = {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
};

/** Builds the request of `options` on top of the default headers (by lower-case name). Throws a TypeError for `body` with `json`. */
export function prepareRequest(
  method: string,
  path: string,
  options: RequestOptions,
  defaults: Readonly<Record<string, string>>,
): PreparedRequest {
  const { body, json } = options;
  if (json !== undefined && body !== undefined) throw new TypeError('a request takes `json` or `body`, not both');
  return { method, path, headers: prepareHeaders(options, defaults), body: prepareBody(options) };
}

/** The same headers by lower-case name. */
export function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const name of Object.keys(headers)) lower[name.toLowerCase()] = headers[name] ?? '';
  return lower;
}

function prepareHeaders(options: RequestOptions, defaults: Readonly<Record<string, string>>): Record<string, string> {
  const contentType = impliedContentType(options);
  if (contentType === undefined && options.headers === undefined) return defaults;
  const headers = { ...defaults };
  if (contentType !== undefined) headers['content-type'] = contentType;
  return options.headers === undefined ? headers : Object.assign(headers, lowerCaseNames(options.headers));
}

function impliedContentType({ body, json }: RequestOptions): string | undefined {
  if (json !== undefined) return 'application/json';
  return body instanceof URLSearchParams ? 'application/x-www-form-urlencoded;charset=UTF-8' : undefined;
}

function prepareBody({ body, json }: RequestOptions): Buffer | null {
  if (json !== undefined) return Buffer.from(JSON.stringify(json));
  if (body === undefined) return null;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from(typeof body === 'string' ? body : body.toString());
}
