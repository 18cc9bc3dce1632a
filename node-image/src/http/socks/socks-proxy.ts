import type { Address } from '@loads/core';
import type { SocksCredentials } from './open-tunnel.ts';

/** A SOCKS5 proxy: where it listens, and who asks it. */
export type SocksProxy = { readonly address: Address; readonly user: SocksCredentials | undefined };

const DEFAULT_PORT = 1080;

/** Reads `socks5://user:password@host:port` (default port: 1080). Throws a TypeError for what is no such URL. */
export function socksProxy(text: string): SocksProxy {
  const url = URL.parse(text);
  if (url?.protocol !== 'socks5:' || url.hostname === '')
    throw new TypeError(`proxy: '${text}' is no URL such as socks5://user:password@host:1080`);
  const { hostname, port, username, password } = url;
  return {
    address: { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || DEFAULT_PORT) },
    user:
      username === '' ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password) },
  };
}
