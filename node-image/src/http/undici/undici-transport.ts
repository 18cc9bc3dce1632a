import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { Client, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { StreamedBody } from '../body/streamed-body.ts';
import { codeOf, type PeerConduct } from '../classify-failure.ts';
import { type Endpoint, openSocket, readyEvent } from '../open-socket.ts';
import { readyTunnel } from '../ready-socket.ts';
import type { Carried, Transport } from '../transport.ts';
import { tunnelProxy } from '../tunnel/tunnel-proxy.ts';
import { UndiciCall } from './undici-call.ts';

/** Streams of one HTTP/2 connection at a time, as most servers allow. */
const MOST_STREAMS = 100;
/** As many connections as browsers open to one origin. */
const MOST_CONNECTIONS = 6;

/** What our own connections do not speak: HTTP/2, and HTTP through a forward proxy. Both are undici's. */
export class UndiciTransport implements Transport {
  readonly #origin: string;
  readonly #dispatcher: Dispatcher;
  readonly #peer: PeerConduct;
  readonly #maxBodyBytes: number;
  /** Host and port of the forward proxy, where it is undici that connects to it. */
  readonly #proxy: string | undefined;

  constructor(origin: string, dispatcher: Dispatcher, peer: PeerConduct, maxBodyBytes: number, proxy?: string) {
    this.#maxBodyBytes = maxBodyBytes;
    this.#origin = origin;
    this.#dispatcher = dispatcher;
    this.#peer = peer;
    this.#proxy = proxy;
  }

  submit(exchange: Carried): void {
    const { method, path, headers, body } = exchange.request;
    const call = new UndiciCall(exchange, this.#peer, this.#maxBodyBytes, this.#proxy);
    // Keep the connection, also after HEAD, where undici would close it.
    const options = {
      origin: this.#origin,
      method: method as Dispatcher.HttpMethod,
      path,
      ...(body instanceof StreamedBody
        ? { headers: { ...headers, 'content-length': String(body.length) }, body: Readable.from(body.chunks()) }
        : { headers, body }),
      reset: false,
    };
    try {
      this.#dispatcher.dispatch(options, call);
    } catch (error) {
      call.onResponseError(null, error instanceof Error ? error : new Error(String(error)));
    }
  }

  close(): Promise<void> {
    return this.#dispatcher.destroy();
  }
}

/**
 * HTTP/2 where the server offers it over TLS (ALPN), all exchanges on one connection; else HTTP/1.1, one exchange after
 * the other. Without TLS it is HTTP/2 from the first byte, by prior knowledge (RFC 9113, section 3.3): nothing can be offered
 * there. `maxBodyBytes` limits a response.
 */
export function http2Transport(origin: string, endpoint: Endpoint, maxBodyBytes: number): Transport {
  const peer = { ended: false, reset: false };
  const client: Client = new Client(origin, {
    ...NO_TIMEOUTS,
    allowH2: true,
    connect: (_options, callback) => {
      const socket = openSocket(endpoint, { protocols: ['h2', 'http/1.1'] });
      const fail = (error: Error): void => callback(error, null);
      socket.once('error', fail).once(readyEvent(endpoint), () => {
        socket.off('error', fail);
        // As undici's own connector says it without TLS.
        if (!endpoint.secure) Object.assign(socket, { alpnProtocol: 'h2' });
        client.pipelining = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2' ? MOST_STREAMS : 1;
        watch(socket, peer);
        callback(null, socket);
      });
    },
  });
  return new UndiciTransport(origin, client, peer, maxBodyBytes);
}

/**
 * Through a forward proxy. `http://user:password@host:port`: by CONNECT for https, by absolute URL for http;
 * `socks5://user:password@host:port`: by a connection that the proxy opens, and by the name, which it looks up (RFC 1928).
 */
export function proxyTransport(origin: string, endpoint: Endpoint, proxy: string, maxBodyBytes: number): Transport {
  const { protocol, host, username, password, origin: uri } = new URL(proxy);
  // Who closed it, the proxy or the server behind it, cannot be told.
  const peer = { ended: true, reset: false };
  if (protocol === 'socks5:')
    return new UndiciTransport(origin, socksPool(origin, endpoint, proxy), peer, maxBodyBytes);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const agent: ProxyAgent = new ProxyAgent({
    uri,
    ...NO_TIMEOUTS,
    ...(username === '' ? {} : { token: `Basic ${Buffer.from(credentials).toString('base64')}` }),
    allowH2: false,
    connections: MOST_CONNECTIONS,
    requestTls: { ...endpoint.tls, servername: endpoint.tls.servername ?? endpoint.hostname },
  });
  return new UndiciTransport(origin, agent, peer, maxBodyBytes, host);
}

/** undici's own SOCKS5 agent is experimental, and over TLS a request after one that could not be sent waits for ever. */
function socksPool(origin: string, endpoint: Endpoint, proxy: string): Pool {
  const { hostname, port, protocol } = new URL(origin);
  const end = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (protocol === 'https:' ? 443 : 80)) };
  const through = tunnelProxy(proxy);
  return new Pool(origin, {
    ...NO_TIMEOUTS,
    allowH2: false,
    connections: MOST_CONNECTIONS,
    connect: (_options, callback) => {
      readyTunnel(through, endpoint, end).then(
        (socket) => callback(null, socket),
        (error: Error) => callback(error, null),
      );
    },
  });
}

/** The client has its own deadlines. */
const NO_TIMEOUTS = { headersTimeout: 0, bodyTimeout: 0 } as const;

/** undici's errors do not tell a FIN from an RST in every case, so look before it does: our listeners come first. */
function watch(socket: Socket, peer: { ended: boolean; reset: boolean }): void {
  peer.ended = peer.reset = false;
  socket.once('end', () => {
    peer.ended = true;
  });
  socket.on('error', (error) => {
    const code = codeOf(error);
    if (code === 'ECONNRESET' || code === 'EPIPE') peer.reset = true;
  });
}
