import type { Problem } from '@loads/core';
import type { Options } from '../control/behavior-setting.ts';
import { isObject } from './given.ts';

/** A proxy as configured. */
export type ProxyEntry = {
  readonly name: string;
  /** The path of its keys. */
  readonly path: readonly string[];
  readonly entry: Options;
  /** What stands for the keys that it does not have. */
  readonly inherited: Options;
};

/** What the proxy of the top level has for itself; what else stands there holds for all. */
const OWN = ['proxy', 'backend', 'behavior', 'scope', 'match', 'schedule'];
const SHARED = [
  'protocol',
  'timeout',
  'stay_connected',
  'pool_max_size',
  'backlog',
  'tls_backend',
  'tls_cert',
  'tls_key',
];

/** The proxies of a configuration: `default`, of the top level, where it says anything of one or there is no other; and the named ones. */
export function proxyEntries(content: Options, defaults: Options, problems: Problem[]): readonly ProxyEntry[] {
  const own = pick(content, OWN);
  const shared = pick(content, SHARED);
  const named = content.proxies ?? {};
  const entries: ProxyEntry[] = [];
  if (Object.keys(own).length > 0 || content.proxies === undefined) {
    entries.push({ name: 'default', path: [], entry: { ...defaults, ...own }, inherited: shared });
  }
  if (!isObject(named)) problems.push({ path: ['proxies'], message: 'expected proxies by their names' });
  for (const [name, entry] of isObject(named) ? Object.entries(named) : []) {
    const path = ['proxies', name];
    if (name === 'default' && entries.length > 0) {
      problems.push({ path, message: '`default` is the proxy of the top level' });
    } else if (isObject(entry)) entries.push({ name, path, entry, inherited: shared });
    else problems.push({ path, message: 'expected keys such as `backend: localhost:80`' });
  }
  return entries;
}

export type TlsFiles = { readonly cert: string; readonly key: string };

/** The files of a certificate and its key: both, or none. */
export function tlsFilesOf(
  cert: unknown,
  key: unknown,
): { readonly files: TlsFiles | undefined; readonly problems: readonly Problem[] } {
  if (cert === undefined && key === undefined) return { files: undefined, problems: [] };
  const problems = [...missing('tls_cert', cert, 'tls_key'), ...missing('tls_key', key, 'tls_cert')];
  return { files: { cert: String(cert), key: String(key) }, problems };
}

function missing(key: string, value: unknown, other: string): readonly Problem[] {
  if (typeof value === 'string') return [];
  return [
    {
      path: [value === undefined ? other : key],
      message: value === undefined ? `needs \`${key}\` too` : 'expected a file',
    },
  ];
}

function pick(content: Options, keys: readonly string[]): Options {
  return Object.fromEntries(Object.entries(content).filter(([key]) => keys.includes(key)));
}
