import { refuseUnknown } from '../options/unknown-option.ts';
import type { Credentials } from './credentials.ts';
import type { DnsOptions } from './dns/dns-options.ts';
import type { TlsOptions } from './open-socket.ts';
import type { ResponseLimits } from './wire/response-limits.ts';

/** What a session does with all of its requests; a request's own options stand over it. */
export type SessionOptions = {
  /** Where relative URLs start. Default: the target of the run. */
  readonly baseUrl?: string | undefined;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent to the origin of `baseUrl`, and to no other one. */
  readonly auth?: Credentials | undefined;
  /** Milliseconds for a whole request: connecting, redirects and the body included. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Keep the cookies that responses set, and send them. Default: true. */
  readonly cookies?: boolean | undefined;
  /** Ask where a redirect leads (`follow`, the default), or take it as the response (`manual`). */
  readonly redirect?: 'follow' | 'manual' | undefined;
  /** How many redirects of one request are followed; one more fails it (`redirect`). Default: 10. */
  readonly maxRedirects?: number | undefined;
  /** Decode bodies with `content-encoding: gzip, deflate, br, zstd`. Default: true. */
  readonly decompress?: boolean | undefined;
  readonly tls?: TlsOptions | undefined;
  /**
   * Speak HTTP/2 with servers that offer it over TLS; with `prior-knowledge` also without TLS, where it cannot be offered: every
   * server of an http URL has to speak it then. Default: false, HTTP/1.1.
   */
  readonly http2?: boolean | 'prior-knowledge' | undefined;
  /** A forward proxy that carries all requests: `http://user:password@host:port`, or `socks5://...`. Chaos proxies, `hosts`, `dns` and `http2` do not apply then. */
  readonly proxy?: string | undefined;
  /** Path of a Unix socket that takes all requests, whatever the host of their URL. Chaos proxies do not apply then. */
  readonly socketPath?: string | undefined;
  /** How names become addresses. Default: the system's way, anew for each connection. */
  readonly dns?: DnsOptions | undefined;
  /** Addresses of names, instead of a look-up: `{ 'shop.test': '10.0.0.7', 'shop.test:443': '127.0.0.1:8443' }`. */
  readonly hosts?: Readonly<Record<string, string>> | undefined;
  /** How much of a response is taken into memory; a decoded body, too. */
  readonly limits?: Partial<ResponseLimits> | undefined;
};

const NAMES: readonly string[] = Object.keys({
  baseUrl: true,
  headers: true,
  auth: true,
  timeoutMs: true,
  cookies: true,
  redirect: true,
  maxRedirects: true,
  decompress: true,
  tls: true,
  http2: true,
  proxy: true,
  socketPath: true,
  dns: true,
  hosts: true,
  limits: true,
} satisfies Record<keyof SessionOptions, true>);

/** The options of a session within another one: headers add up, `undefined` leaves what the outer one has. Throws a TypeError for an option that there is not. */
export function overlaid<Outer extends SessionOptions>(outer: Outer, inner: SessionOptions): Outer {
  refuseUnknown('a session', inner, NAMES);
  const given = Object.fromEntries(Object.entries(inner).filter(([, value]) => value !== undefined));
  // Credentials are for the origin that they were given with.
  const auth = inner.baseUrl === undefined ? outer.auth : undefined;
  if (outer.headers === undefined && inner.headers === undefined) return { ...outer, auth, ...given };
  const headers = { ...lowerCaseNames(outer.headers ?? {}), ...lowerCaseNames(inner.headers ?? {}) };
  return { ...outer, auth, ...given, headers };
}

/** The same headers by lower-case name. */
export function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const name of Object.keys(headers)) lower[name.toLowerCase()] = headers[name] ?? '';
  return lower;
}
