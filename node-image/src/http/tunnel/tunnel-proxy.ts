import type { Address } from '@loads/core';
import { redactText } from '../../recording/redact.ts';
import { HTTP_CONNECT } from './open-connect-tunnel.ts';
import { SOCKS5 } from './open-socks-tunnel.ts';
import type { ProxyUser, TunnelKind } from './tunnel-kind.ts';

/** A proxy that opens tunnels: how it is asked, where it listens, and who asks it. */
export type TunnelProxy = {
  readonly kind: TunnelKind;
  readonly address: Address;
  readonly user: ProxyUser | undefined;
};

/** By the scheme of a proxy's URL. */
const KINDS: ReadonlyMap<string, TunnelKind> = new Map([
  ['socks5:', SOCKS5],
  ['http:', HTTP_CONNECT],
]);

/**
 * Reads `socks5://user:password@host:port` (default port: 1080) or `http://user:password@host:port` (default port: 80).
 * Throws a TypeError for what is no such URL.
 */
export function tunnelProxy(text: string): TunnelProxy {
  const url = URL.parse(text);
  const kind = KINDS.get(url?.protocol ?? '');
  if (!url || !kind || url.hostname === '') throw noProxy(text);
  const { hostname, port } = url;
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || kind.defaultPort) };
  try {
    return { kind, address, user: userOf(url) };
  } catch {
    // A percent sign that stands for itself.
    throw noProxy(text);
  }
}

function userOf({ username, password }: URL): ProxyUser | undefined {
  if (username === '') return undefined;
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** The error for what is no URL of a proxy, without its password. */
export function noProxy(text: string): TypeError {
  return new TypeError(
    `proxy: '${redactText(text)}' is no URL such as http://user:password@host:port or socks5://host:1080`,
  );
}
