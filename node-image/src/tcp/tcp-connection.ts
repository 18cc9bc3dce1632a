import type { TlsOptions } from '../http/open-socket.ts';

export type TcpOptions = {
  /** Its name in metrics and reports. Default: `TCP host:port`. */
  readonly name?: string | undefined;
  /** Milliseconds to connect (TLS included), and for each thing that is waited for afterwards. Default: 30 000. */
  readonly timeout?: number | undefined;
  /** Speak TLS: true, or with further certificate authorities, or without verification. Default: false. */
  readonly tls?: boolean | TlsOptions | undefined;
  /** A forward proxy that carries the connection: `http://user:password@host:port` (CONNECT), or `socks5://...`. Chaos proxies do not apply then. */
  readonly proxy?: string | undefined;
};

/** How long something is waited for, ms. Default: the `timeout` of the connection. */
export type TcpPatience = { readonly timeout?: number | undefined };

export type DelimiterOptions = TcpPatience & {
  /** Bytes before the delimiter; more fails. Default: 1 MiB. */
  readonly maxBytes?: number | undefined;
};

/**
 * An open TCP connection. What fails on it rejects with a `TcpError` and is counted, by its class. From 1 MiB that nobody
 * has read yet, the peer has to wait.
 */
export interface TcpConnection extends AsyncDisposable {
  /** Data can be sent. */
  readonly isOpen: boolean;
  /**
   * Sends all of a text (UTF-8) or bytes; resolves when the system has taken the last of them. When that takes too long the
   * connection is cut: nobody knows how much has gone.
   */
  sendAll(data: string | Uint8Array, options?: TcpPatience): Promise<void>;
  /** The next bytes, as many as there are, at least one. Rejects when none come in time, or the peer has closed (`eof`). */
  receive(options?: TcpPatience): Promise<Buffer>;
  /** The next so many bytes, at most 64 MiB. */
  receiveExactly(bytes: number, options?: TcpPatience): Promise<Buffer>;
  /** The bytes before a delimiter, such as `'\r\n'`, which is read, too. */
  receiveUntil(delimiter: string | Uint8Array, options?: DelimiterOptions): Promise<Buffer>;
  /** All bytes until the peer closes, at most 64 MiB. */
  receiveAll(options?: TcpPatience): Promise<Buffer>;
  /** Sends no more (FIN); what the peer sends can still be received. */
  end(): void;
  /** Closes it. */
  close(): Promise<void>;
}
