import type { Socket } from 'node:net';
import type { Address } from '@loads/core';

/** Who asks a proxy. */
export type ProxyUser = { readonly username: string; readonly password: string };

/** How proxies of one protocol are asked for a tunnel. */
export type TunnelKind = {
  /** Where such a proxy listens when its URL does not say. */
  readonly defaultPort: number;
  /**
   * Has the proxy at the other end of `socket` open a tunnel to `end`: a name, which the proxy looks up, or an IP address. What
   * the socket carries afterwards is the tunnel's. Throws a TunnelError when the proxy opens none, and what broke the socket.
   */
  readonly open: (socket: Socket, end: Address, user?: ProxyUser) => Promise<void>;
};
