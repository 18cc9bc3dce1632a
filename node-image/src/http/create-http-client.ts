import type { HttpClient, HttpClientOptions } from './http-client.ts';
import { PooledHttpClient } from './pooled-http-client.ts';

/** Makes the HTTP client of one worker. Throws a TypeError when `baseUrl` is not an absolute http(s) URL, or other options cannot be meant. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new PooledHttpClient(options);
}
