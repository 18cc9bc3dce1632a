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
  'pool_timeout',
  'bufsize',
  'backlog',
  'tls_backend',
  'tls_backend_ca',
  'tls_backend_server_name',
  'tls_backend_insecure',
  'tls_cert',
  'tls_key',
];

/** The proxies of a configuration: `default`, of the top level, where it says anything of one or there is no other; and the named ones. */
export function proxyEntries(content: Options, defaults: Options, problems: Problem[]): readonly ProxyEntry[] {
  const own = pick(content, isObject(content.schedule) ? OWN.filter((key) => key !== 'schedule') : OWN);
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

function pick(content: Options, keys: readonly string[]): Options {
  return Object.fromEntries(Object.entries(content).filter(([key]) => keys.includes(key)));
}
