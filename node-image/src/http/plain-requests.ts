import type { PreparedRequest } from './prepare-request.ts';
import type { RequestOptions } from './request-options.ts';
import type { BaseUrl } from './target-url.ts';

/** A request that is ready to be sent. */
export type ReadyRequest = { readonly origin: string; readonly request: PreparedRequest; readonly name: string };

const MOST_REQUESTS = 2_000;

/** Requests of which their method and URL say all: a scenario repeats them, and the next time they need not be prepared. */
export class PlainRequests {
  readonly #byMethod = new Map<string, Map<string, ReadyRequest>>();
  #size = 0;

  get(method: string, url: string): ReadyRequest | undefined {
    return this.#byMethod.get(method)?.get(url);
  }

  set(method: string, url: string, request: ReadyRequest): void {
    // Starting over is cheaper than an order of use.
    if (this.#size >= MOST_REQUESTS) {
      this.#byMethod.clear();
      this.#size = 0;
    }
    let byUrl = this.#byMethod.get(method);
    if (byUrl === undefined) {
      byUrl = new Map();
      this.#byMethod.set(method, byUrl);
    }
    byUrl.set(url, request);
    this.#size += 1;
  }
}

/** Whether options say nothing of what is sent. */
export function sendsNothing({ headers, body, json, auth, compress }: RequestOptions): boolean {
  return (
    headers === undefined && body === undefined && json === undefined && auth === undefined && compress === undefined
  );
}

/** Those that all sessions without headers of their own share which start at the same URL. */
export function plainRequestsFrom(base: BaseUrl): PlainRequests {
  let requests = shared.get(base);
  if (requests === undefined) {
    requests = new PlainRequests();
    shared.set(base, requests);
  }
  return requests;
}

const shared = new WeakMap<BaseUrl, PlainRequests>();
