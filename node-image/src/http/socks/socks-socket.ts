import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type Endpoint, openSocket, readyEvent, secureOver } from '../open-socket.ts';
import { openTunnel, type TunnelEnd } from './open-tunnel.ts';

const DEFAULT_PORT = 1080;

/**
 * A connection to a server through a SOCKS5 proxy (`socks5://user:password@host:port`), TLS established where the server
 * wants it. Throws what the proxy, the network or TLS has against it.
 */
export async function socksSocket(proxy: URL, endpoint: Endpoint, end: TunnelEnd): Promise<Socket> {
  const { hostname, port, username, password } = proxy;
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { secure: false, hostname: host, dial: { host, port: Number(port || DEFAULT_PORT) }, tls: {} };
  const user =
    username === '' ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const socket = openSocket(to);
  try {
    await once(socket, readyEvent(to));
    await openTunnel(socket, end, user);
    if (!endpoint.secure) return socket;
    const secured = secureOver(socket, endpoint);
    await once(secured, readyEvent(endpoint));
    return secured;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
