import { isSecretName, type Secrets } from './secrets.ts';
import { textOf, type Value, type ValueMap } from './source/value.ts';

/** What the client sets by itself, what belongs to one connection or one browser, and what a cache asked with. */
const LEFT_OUT = new Set([
  ...[
    'cookie',
    'cookie2',
    'host',
    'content-length',
    'accept-encoding',
    'user-agent',
    'origin',
    'referer',
    'dnt',
    'priority',
  ],
  ...[
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'expect',
    'date',
    'via',
    'forwarded',
  ],
  ...[
    'upgrade-insecure-requests',
    'pragma',
    'cache-control',
    'save-data',
    'purpose',
    'x-client-data',
    'x-forwarded-for',
  ],
]);
const LEFT_OUT_PREFIXES = [':', 'sec-', 'proxy-', 'if-'];
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
const SENDABLE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** The scheme stays, so that it is seen what the secret is: `Bearer ...`. */
const CREDENTIALS = /^(Basic|Bearer|Token|ApiKey) +(.+)$/i;

/** The headers of a request that matter to the service, by lower-case name; secrets are taken out. */
export function requestHeaders(given: readonly (readonly [string, string])[], secrets: Secrets): ValueMap {
  const entries = new Map<string, Value>();
  for (const [written, value] of given) {
    const name = written.toLowerCase();
    if (!matters(name) || !SENDABLE.test(value) || value.trim() === '' || (name === 'accept' && value === '*/*'))
      continue;
    entries.set(name, isSecretName(name) ? secretValue(name, value, secrets) : value);
  }
  return { kind: 'map', entries: [...entries] };
}

/** A secret header, with the scheme of its credentials in the clear. */
export function secretValue(name: string, value: string, secrets: Secrets): Value {
  const [, scheme, credentials] = CREDENTIALS.exec(value) ?? [];
  if (scheme === undefined || credentials === undefined) return secrets.take(name, value);
  return textOf([`${scheme} `, secrets.take(name, credentials)]);
}

/** The same headers without some. */
export function withoutHeaders({ entries }: ValueMap, names: readonly string[]): ValueMap {
  return { kind: 'map', entries: entries.filter(([name]) => !names.includes(name)) };
}

function matters(name: string): boolean {
  return TOKEN.test(name) && !LEFT_OUT.has(name) && !LEFT_OUT_PREFIXES.some((prefix) => name.startsWith(prefix));
}
