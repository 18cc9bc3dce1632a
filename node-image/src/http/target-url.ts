/** Where relative URLs start: an origin and a path without its last slash ('' for none). */
export type BaseUrl = { readonly origin: string; readonly path: string };

/** Where a request goes: its origin (`http://host:port`), and path with query. Together they are its URL. */
export type RequestTarget = { readonly origin: string; readonly path: string };

/** Reads the target of a run. Its query and fragment count for nothing. Throws a TypeError unless it is an absolute http(s) URL. */
export function parseBaseUrl(text: string): BaseUrl {
  // All workers have the same, and then share it.
  if (lastBase?.text !== text) {
    const url = parseHttpUrl(text);
    lastBase = { text, base: { origin: url.origin, path: url.pathname.replace(/\/+$/, '') } };
  }
  return lastBase.base;
}

let lastBase: { readonly text: string; readonly base: BaseUrl } | undefined;

/**
 * Finds where a request goes. A relative URL is put behind the base with its path: `/items` on `http://h/api` is
 * `http://h/api/items` (unlike fetch, where a leading slash leaves the base's path), `items` too, and `?page=2` is `http://h/api?page=2`.
 * Throws a TypeError for a relative URL without a base, and for what is not http(s).
 */
export function resolveTarget(method: string, url: string | URL, base: BaseUrl | undefined): RequestTarget {
  const text = typeof url === 'string' ? url : url.href;
  if (base !== undefined && isPlain(text)) {
    return { origin: base.origin, path: base.path + text };
  }
  if (HAS_SCHEME.test(text)) return targetOf(parseHttpUrl(text));
  if (base === undefined) {
    throw new TypeError(`http.${method.toLowerCase()}('${text}') needs a target: give -t/--target or an absolute URL`);
  }
  if (text.startsWith('//')) return targetOf(parseHttpUrl(new URL(text, base.origin).href));
  const separator = text === '' || text.startsWith('/') || text.startsWith('?') || text.startsWith('#') ? '' : '/';
  return targetOf(parseHttpUrl(base.origin + base.path + separator + text));
}

/** Whether a URL is a path that needs no look at all: what was found plain before is, and a scenario repeats its paths. */
function isPlain(text: string): boolean {
  if (plainPaths.has(text)) return true;
  if (!PLAIN_PATH.test(text) || text.includes('/.')) return false;
  // Starting over is cheaper than an order of use.
  if (plainPaths.size >= KNOWN_PATHS) plainPaths.clear();
  plainPaths.add(text);
  return true;
}

const KNOWN_PATHS = 2_000;
const plainPaths = new Set<string>();

/** A path that needs neither encoding nor the removal of dots: most are, and a URL object per request is dear. */
const PLAIN_PATH = /^\/(?!\/)[\w\-.~!$&()*+,;=:@/%?]*$/;
const HAS_SCHEME = /^[a-z][a-z\d+.-]*:/i;

function parseHttpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new TypeError(`expected an absolute http(s) URL, got '${text}'`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(`a URL with user and password is not sent: give an authorization header for ${url.origin}`);
  }
  return url;
}

function targetOf(url: URL): RequestTarget {
  return { origin: url.origin, path: url.pathname + url.search };
}
