import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls } from 'node:tls';

/** TLS settings of the client: further certificate authorities, or no verification at all. */
export type TlsOptions = Pick<ConnectionOptions, 'ca' | 'rejectUnauthorized'>;

/** The server of an origin, and where to find it. */
export type Endpoint = {
  readonly secure: boolean;
  /** The name that the URL has, that TLS asks for and that certificates are checked against. */
  readonly hostname: string;
  /** Where to connect. */
  readonly dial: { readonly host: string; readonly port: number };
  readonly tls: TlsOptions;
};

/**
 * Opens a connection, and calls back once: with the socket when it can carry a request (TLS established), or with an error.
 * It has no timeout of its own: destroy the socket to give up, then nothing is called back.
 */
export function openSocket(endpoint: Endpoint, done: (error: Error | null, socket: Socket) => void): Socket {
  const socket = endpoint.secure ? connectSecurely(endpoint) : connectTcp(endpoint.dial);
  socket.setNoDelay(true).setKeepAlive(true, 60_000);
  const onConnect = (): void => {
    socket.off('error', onError);
    done(null, socket);
  };
  const onError = (error: Error): void => {
    done(error, socket);
  };
  return socket.once(endpoint.secure ? 'secureConnect' : 'connect', onConnect).once('error', onError);
}

function connectSecurely({ hostname, dial, tls }: Endpoint): Socket {
  return connectTls({
    ...tls,
    ...dial,
    // Server Name Indication takes names only (RFC 6066, section 3).
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: (_dialed, certificate) => checkServerIdentity(hostname, certificate),
  });
}
