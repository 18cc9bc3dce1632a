import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Address, type BackendTls, formatAddress } from '@loads/core';

/** Where a proxy listens or forwards to: a TCP address, or the path of a unix socket. */
export type Endpoint = Address | { readonly path: string };

/** Opens a connection to a backend, whose bytes go to `onread`, except over TLS. What is written before it is open waits. */
export function openBackend(endpoint: Endpoint, tls: BackendTls | undefined, onread: OnReadOpts): Socket {
  if (tls === undefined) return connect({ ...endpoint, allowHalfOpen: true, noDelay: true, onread });
  const { ca, servername, rejectUnauthorized = true } = tls;
  const host = 'host' in endpoint ? endpoint.host : undefined;
  // An address is no server name (RFC 6066, section 3).
  const name = servername ?? (host !== undefined && isIP(host) === 0 ? host : undefined);
  return connectTls({
    ...endpoint,
    rejectUnauthorized,
    ...(ca === undefined ? {} : { ca }),
    ...(name === undefined ? {} : { servername: name }),
  });
}

/** Resets a connection (TCP RST). One that is still being made is given up, and one that cannot be reset is destroyed. */
export function reset(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.connecting || 'encrypted' in socket) {
    socket.destroy();
    return;
  }
  try {
    socket.resetAndDestroy();
  } catch {
    // Unix sockets know no reset, and there is no other way to tell them.
    socket.destroy();
  }
}

/** Closes a connection when what was written to it has gone, or nothing has moved for `ms`. */
export function closeSoon(socket: Socket, ms: number): void {
  socket.setTimeout(ms, () => socket.destroy());
  socket.destroySoon();
}

/** `host:port`, or `unix:/path`. */
export function formatEndpoint(endpoint: Endpoint): string {
  return 'path' in endpoint ? `unix:${endpoint.path}` : formatAddress(endpoint);
}
