import type { Cookie, CookieJar, CreateCookieOptions } from 'tough-cookie';
import type { PreparedRequest } from './prepare-request.ts';
import { type ResponseHeaders, valuesOf } from './response-headers.ts';
import type { BaseUrl } from './target-url.ts';

/** What a cookie has beside its name and value (RFC 6265, section 4.1). */
export type CookieAttributes = {
  /** The URL that it is for. Default: the base URL. */
  readonly url?: string | undefined;
  readonly domain?: string | undefined;
  readonly path?: string | undefined;
  readonly expires?: Date | undefined;
  /** Seconds. */
  readonly maxAge?: number | undefined;
  readonly secure?: boolean | undefined;
  readonly httpOnly?: boolean | undefined;
};

/** The cookies of a session, as a browser keeps them. `url` is by default the base URL. */
export interface Cookies {
  /** The value of a cookie that would be sent to `url`. */
  get(name: string, url?: string): Promise<string | undefined>;
  /** All cookies that would be sent to `url`, by name. */
  all(url?: string): Promise<Readonly<Record<string, string>>>;
  /** Adds a cookie, or replaces it. Throws an Error for one that `url` may not set. */
  set(name: string, value: string, attributes?: CookieAttributes): Promise<void>;
  clear(): Promise<void>;
}

/** A service that sets ever new cookies must not fill the memory; browsers keep about as many for a site. */
const MOST_COOKIES = 300;
/** How long a cookie that has expired may still be sent, ms: jars are slow, and a worker asks the same URLs again. */
const HEADER_MS = 1000;
const MOST_HEADERS = 100;

type Loaded = {
  readonly jar: CookieJar;
  readonly Cookie: typeof Cookie;
  /** Names of cookies. */
  readonly names: Set<string>;
  /** Headers by URL. */
  readonly headers: Map<string, Header>;
};
type Header = { readonly value: string; readonly untilMs: number };

/** A jar that is made, and its library loaded, when there is a first cookie. */
export class SessionCookies implements Cookies {
  readonly #base: BaseUrl | undefined;
  #loading: Promise<Loaded> | undefined;
  #loaded: Loaded | undefined;

  /** `base`: the URL that is meant where none is given. */
  constructor(base: BaseUrl | undefined) {
    this.#base = base;
  }

  /** Whether there may be any. */
  get any(): boolean {
    return this.#loaded !== undefined;
  }

  /** The `cookie` header for a URL; '' for none. */
  headerFor(url: string): string {
    if (this.#loaded === undefined) return '';
    const { jar, headers } = this.#loaded;
    const nowMs = performance.now();
    const known = headers.get(url);
    if (known !== undefined && nowMs < known.untilMs) return known.value;
    if (headers.size >= MOST_HEADERS) headers.clear();
    const value = jar.getCookieStringSync(url);
    headers.set(url, { value, untilMs: nowMs + HEADER_MS });
    return value;
  }

  /** Keeps the cookies that a response sets; undefined when it sets none. What is no cookie is ignored, as browsers do. */
  keep(head: ResponseHeaders, url: string): Promise<void> | undefined {
    const lines = valuesOf(head, 'set-cookie');
    return lines.length === 0 ? undefined : this.#keep(lines, url);
  }

  async get(name: string, url?: string): Promise<string | undefined> {
    return (await this.all(url))[name];
  }

  async all(url?: string): Promise<Readonly<Record<string, string>>> {
    const { jar } = await this.#load();
    // The first one of a name is the one with the longest path.
    const cookies = jar.getCookiesSync(this.#urlOf(url)).reverse();
    return Object.fromEntries(cookies.map(({ key, value }) => [key, value]));
  }

  async set(name: string, value: string, { url, ...attributes }: CookieAttributes = {}): Promise<void> {
    const { jar, Cookie, headers } = await this.#load();
    const given = Object.fromEntries(Object.entries(attributes).filter(([, one]) => one !== undefined));
    jar.setCookieSync(new Cookie({ key: name, value, ...given } as CreateCookieOptions), this.#urlOf(url));
    headers.clear();
  }

  async clear(): Promise<void> {
    if (this.#loading === undefined) return;
    const { jar, names, headers } = await this.#loading;
    jar.removeAllCookiesSync();
    names.clear();
    headers.clear();
  }

  async #keep(lines: readonly string[], url: string): Promise<void> {
    const { jar, names, headers } = await this.#load();
    for (const line of lines) {
      const name = line.slice(0, Math.max(0, line.indexOf('=')));
      if (names.size >= MOST_COOKIES && !names.has(name)) continue;
      names.add(name);
      jar.setCookieSync(line, url, { ignoreError: true, loose: true });
    }
    headers.clear();
  }

  #load(): Promise<Loaded> {
    this.#loading ??= import('tough-cookie').then(({ CookieJar, Cookie }) => {
      const jar = new CookieJar(undefined, { looseMode: true });
      this.#loaded = { jar, Cookie, names: new Set(), headers: new Map() };
      return this.#loaded;
    });
    return this.#loading;
  }

  #urlOf(url: string | undefined): string {
    const base = this.#base && `${this.#base.origin}${this.#base.path}/`;
    if (url !== undefined) return base === undefined ? url : new URL(url, base).href;
    if (base === undefined) throw new TypeError('cookies of which URL? There is no base URL');
    return base;
  }
}

/** The request with further cookies; those by hand stand over those of the jar. */
export function withCookies(
  request: PreparedRequest,
  jar: string,
  own: Readonly<Record<string, string>> | undefined,
): PreparedRequest {
  // Who writes the header means it.
  if (request.headers.cookie !== undefined) return request;
  if (own === undefined) return jar === '' ? request : { ...request, headers: withJar(request.headers, jar) };
  const added = Object.entries(own).map(([name, value]) => [name, `${name}=${value}`] as const);
  const names = new Set(added.map(([name]) => name));
  const kept = jar
    .split('; ')
    .filter((pair) => pair !== '' && !names.has(pair.slice(0, Math.max(0, pair.indexOf('=')))));
  const cookie = [...kept, ...added.map(([, pair]) => pair)].join('; ');
  return cookie === '' ? request : { ...request, headers: { ...request.headers, cookie } };
}

/** The same object for the same cookies: encoders of heads know it again. */
function withJar(headers: PreparedRequest['headers'], cookie: string): PreparedRequest['headers'] {
  const known = withJars.get(headers);
  if (known?.cookie === cookie) return known;
  const made = { ...headers, cookie };
  withJars.set(headers, made);
  return made;
}

const withJars = new WeakMap<PreparedRequest['headers'], PreparedRequest['headers']>();
