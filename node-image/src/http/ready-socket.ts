import { once } from 'node:events';
import type { Socket } from 'node:net';
import { formatAddress } from '@loads/core';
import { type Endpoint, openSocket, readyEvent, type SocketOptions, secureOver } from './open-socket.ts';
import { throughProxy } from './proxy-error.ts';
import { openTunnel, type TunnelEnd } from './socks/open-tunnel.ts';
import type { SocksProxy } from './socks/socks-proxy.ts';

/** Ends a connection when it aborts, also one that has long been made. */
type Abortable = { readonly signal?: AbortSignal | undefined };

/** A connection that can carry a request, TLS established. Throws what the network or TLS has against it, and an AbortError. */
export async function readySocket(endpoint: Endpoint, options: SocketOptions & Abortable = {}): Promise<Socket> {
  return await untilReady(openSocket(endpoint, options), endpoint, options);
}

/**
 * The same through a SOCKS5 proxy, which is told `end`: a name, or an IPv4 address. Throws a ProxyError as well, when the
 * proxy is not reached, and a SocksError, when it refuses.
 */
export async function readySocksSocket(
  { address, user }: SocksProxy,
  endpoint: Endpoint,
  end: TunnelEnd,
  { protocols, ...options }: Pick<SocketOptions, 'protocols'> & Abortable = {},
): Promise<Socket> {
  const proxy = { secure: false, hostname: address.host, dial: address, tls: {} };
  const socket = await readySocket(proxy, options).catch((error: Error) => {
    throw throughProxy(formatAddress(address), error);
  });
  try {
    await openTunnel(socket, end, user);
    return endpoint.secure ? await untilReady(secureOver(socket, endpoint, protocols), endpoint, options) : socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function untilReady(socket: Socket, endpoint: Endpoint, { signal }: Abortable): Promise<Socket> {
  signal?.addEventListener('abort', () => socket.destroy(), { once: true });
  try {
    await once(socket, readyEvent(endpoint), { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
