import type { RequestOptions } from '../request-options.ts';
import { multipartBody } from './multipart.ts';
import { StreamedBody } from './streamed-body.ts';

/** A request's body as a transport takes it, and the content type that goes without saying. */
export type RequestBody = { readonly body: Buffer | StreamedBody | null; readonly contentType: string | undefined };

const NONE: RequestBody = { body: null, contentType: undefined };

/** Reads what a request is to send. Throws a TypeError for `body` with `json`. */
export function requestBody({ body, json }: RequestOptions): RequestBody {
  if (json !== undefined) {
    if (body !== undefined) throw new TypeError('a request takes `json` or `body`, not both');
    return { body: Buffer.from(JSON.stringify(json)), contentType: 'application/json' };
  }
  if (body === undefined) return NONE;
  if (typeof body === 'string') return { body: Buffer.from(body), contentType: undefined };
  if (body instanceof Uint8Array) {
    return { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength), contentType: undefined };
  }
  if (body instanceof URLSearchParams) return { body: Buffer.from(body.toString()), contentType: FORM };
  if (body instanceof FormData) return multipartBody(body);
  return { body: new StreamedBody([body]), contentType: body.type || undefined };
}

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';
