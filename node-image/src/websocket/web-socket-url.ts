import { parseBaseUrl } from '../http/target-url.ts';

const SCHEMES: ReadonlyMap<string, string> = new Map([
  ['http:', 'ws:'],
  ['https:', 'wss:'],
  ['ws:', 'ws:'],
  ['wss:', 'wss:'],
]);

/**
 * Where a WebSocket leads: an absolute ws, wss, http or https URL, or a path that is put behind the target's, as a
 * request's is. Throws a TypeError for anything else, for a URL with a password, and for a path without a target.
 */
export function webSocketUrl(url: string | URL, target: string | undefined): URL {
  const text = String(url);
  const absolute = URL.parse(text) ?? behind(text, target);
  const protocol = SCHEMES.get(absolute.protocol);
  if (protocol === undefined) throw new TypeError(`expected a ws or wss URL, got '${text}'`);
  if (absolute.username !== '' || absolute.password !== '') {
    throw new TypeError(`a URL with user and password is not sent: give an authorization header for ${absolute.host}`);
  }
  absolute.protocol = protocol;
  // It is never sent.
  absolute.hash = '';
  return absolute;
}

function behind(text: string, target: string | undefined): URL {
  if (target === undefined) {
    throw new TypeError(`ws.connect('${text}') needs a target: give -t/--target or an absolute URL`);
  }
  const { origin, path } = parseBaseUrl(target);
  return new URL(origin + path + (/^[/?#]|^$/.test(text) ? '' : '/') + text);
}
