import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type Address, formatAddress } from '@loads/core';
import { type Endpoint, openSocket, readyEvent, type SocketOptions, secureOver } from './open-socket.ts';
import { throughProxy } from './proxy-error.ts';
import type { TunnelProxy } from './tunnel/tunnel-proxy.ts';

/** Ends a connection when it aborts, also one that has long been made. */
type Abortable = { readonly signal?: AbortSignal | undefined };

/** A connection that can carry a request, TLS established. Throws what the network or TLS has against it, and an AbortError. */
export async function readySocket(endpoint: Endpoint, options: SocketOptions & Abortable = {}): Promise<Socket> {
  return await untilReady(openSocket(endpoint, options), endpoint, options);
}

/**
 * The same through a proxy, which is told `end`: a name, which it looks up, or an IP address. Throws a ProxyError as well, when
 * the proxy is not reached, and a TunnelError, when it opens no tunnel.
 */
export async function readyTunnel(
  { kind, address, user }: TunnelProxy,
  endpoint: Endpoint,
  end: Address,
  { protocols, ...options }: Pick<SocketOptions, 'protocols'> & Abortable = {},
): Promise<Socket> {
  const proxy = { secure: false, hostname: address.host, dial: address, tls: {} };
  const socket = await readySocket(proxy, options).catch((error: Error) => {
    throw throughProxy(formatAddress(address), error);
  });
  try {
    await kind.open(socket, end, user);
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
