import { createHttpClient } from '../http/create-http-client.ts';
import type { RequestOptions } from '../http/request-options.ts';
import type { SessionOptions } from '../http/session-options.ts';

/** A request outside of the load: its method (default: GET), and options of the session that it is made with. */
export type PlainRequest = RequestOptions & {
  readonly method?: string | undefined;
  readonly session?: SessionOptions | undefined;
};

/** What came back, whatever its status. Names of headers are in lower case. */
export type PlainResponse<Content> = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Content;
};

/**
 * One request that is no part of the load, as Molotov's `request`: it is not measured, shares no session, and goes straight to
 * an absolute URL, past the chaos proxies. For fixtures: a token, data to begin with. Throws a RequestError without an answer.
 */
export async function request(url: string | URL, options: PlainRequest = {}): Promise<PlainResponse<string>> {
  return await ask(url, options, (text) => text);
}

/** The same with a body of JSON as its content; undefined for an empty one. Throws a SyntaxError for what is no JSON. */
export async function jsonRequest<Content = unknown>(
  url: string | URL,
  options: PlainRequest = {},
): Promise<PlainResponse<Content>> {
  return await ask(url, options, (text) => (text === '' ? undefined : JSON.parse(text)) as Content);
}

async function ask<Content>(
  url: string | URL,
  { method = 'GET', session, ...options }: PlainRequest,
  read: (text: string) => Content,
): Promise<PlainResponse<Content>> {
  const never = new AbortController().signal;
  await using http = createHttpClient({ ...session, signal: never, onRequest: () => undefined });
  const response = await http.request(method, url, options);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    content: read(await response.text()),
  };
}
