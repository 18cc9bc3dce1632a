import { connect as connectTcp, isIP, type LookupFunction, type OnReadOpts, type Socket } from 'node:net';
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';

/**
 * TLS settings, as `node:tls` takes them: authorities to trust (`ca`) instead of the system's, a certificate to show (`cert`, `key`,
 * `passphrase`), the name to ask for and to check (`servername`), no verification (`rejectUnauthorized: false`), `TLSv1.2` or `TLSv1.3`.
 */
export type TlsOptions = Pick<
  ConnectionOptions,
  'ca' | 'cert' | 'key' | 'passphrase' | 'servername' | 'rejectUnauthorized' | 'minVersion' | 'maxVersion'
>;

/** A port of a host, or a Unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** The server of an origin, and where to find it. */
export type Endpoint = {
  readonly secure: boolean;
  /** The name that the URL has, that TLS asks for and that certificates are checked against. */
  readonly hostname: string;
  /** Where to connect. */
  readonly dial: Address;
  readonly tls: TlsOptions;
  /** How a name becomes an address. Default: the system's way. */
  readonly lookup?: LookupFunction | undefined;
};

export type SocketOptions = {
  /** Reads into a buffer of the caller instead of emitting `data`. */
  readonly onread?: OnReadOpts | undefined;
  /** A TLS session to take up again. */
  readonly session?: Buffer | undefined;
  /** Protocols to offer, the preferred one first (ALPN). Default: `http/1.1` alone. */
  readonly protocols?: readonly string[] | undefined;
};

/**
 * Opens a connection. It carries a request from `readyEvent` on (TLS established), or emits `error`.
 * It has no timeout of its own: destroy the socket to give up.
 */
export function openSocket(endpoint: Endpoint, options: SocketOptions = {}): Socket {
  const common = {
    ...endpoint.dial,
    ...KEEP_ALIVE,
    ...(endpoint.lookup && { lookup: endpoint.lookup }),
    ...(options.onread && { onread: options.onread }),
  };
  return endpoint.secure ? connectSecurely(endpoint, options, common) : connectTcp(common);
}

/** What a socket of `openSocket` emits once when it can carry a request. */
export function readyEvent({ secure }: Endpoint): 'secureConnect' | 'connect' {
  return secure ? 'secureConnect' : 'connect';
}

/** TLS over a connection that is open already: through a proxy. */
export function secureOver(socket: Socket, endpoint: Endpoint, protocols?: readonly string[]): TLSSocket {
  return connectSecurely(endpoint, { protocols }, { socket });
}

const KEEP_ALIVE = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 } as const;

function connectSecurely(endpoint: Endpoint, options: SocketOptions, common: ConnectionOptions): TLSSocket {
  const { tls } = endpoint;
  const hostname = tls.servername ?? endpoint.hostname;
  return connectTls({
    ...common,
    secureContext: contextOf(tls),
    ...(tls.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: tls.rejectUnauthorized }),
    ...(options.session && { session: options.session }),
    // Server Name Indication takes names only (RFC 6066, section 3).
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ALPNProtocols: [...(options.protocols ?? ['http/1.1'])],
    checkServerIdentity: (_dialed, certificate) => checkServerIdentity(hostname, certificate),
  });
}

/**
 * A context reads all certificates, so there is one for all connections with the same settings. Throws the error of OpenSSL
 * for what is no certificate, a wrong passphrase, or a key of another certificate.
 */
export function contextOf(tls: TlsOptions): SecureContext {
  let context = contexts.get(tls);
  if (context === undefined) {
    const { ca, cert, key, passphrase, minVersion, maxVersion } = tls;
    context = createSecureContext({ ca, cert, key, passphrase, minVersion, maxVersion });
    contexts.set(tls, context);
  }
  return context;
}

const contexts = new WeakMap<TlsOptions, SecureContext>();
