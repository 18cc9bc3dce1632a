import type { Match } from '../connection/inbox.ts';
import type { TlsOptions } from '../http/open-socket.ts';
import type { WebSocketMessage } from './web-socket-message.ts';

export type WebSocketOptions = {
  /** Its name in metrics and reports. Default: its path, ids replaced (`WS /rooms/:id`). */
  readonly name?: string | undefined;
  /** Fields of the opening handshake. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Subprotocols to offer, the preferred one first. */
  readonly protocols?: readonly string[] | undefined;
  /** Milliseconds for the opening handshake, and for each thing that is waited for afterwards. Default: 30 000. */
  readonly timeout?: number | undefined;
  /** Bytes of a message that comes, after decompression; more fails the connection. Default: 16 MiB. */
  readonly maxMessageBytes?: number | undefined;
  /** Offer to compress messages (RFC 7692). Default: false. */
  readonly compress?: boolean | undefined;
  /** Further certificate authorities, or no verification at all, for wss. */
  readonly tls?: TlsOptions | undefined;
  /** A forward proxy that carries the connection: `http://user:password@host:port` (CONNECT), or `socks5://...`. Chaos proxies do not apply then. */
  readonly proxy?: string | undefined;
};

/** How long something is waited for, ms. Default: the `timeout` of the connection. */
export type Patience = { readonly timeout?: number | undefined };

/**
 * An open WebSocket (RFC 6455). What fails on it rejects with a `WebSocketError` and is counted, by its class. Messages that
 * nobody has read yet are kept; from 1000 of them, or 4 MiB, the peer has to wait.
 */
export interface WebSocketConnection extends AsyncDisposable {
  /** With its query. */
  readonly url: string;
  /** The subprotocol that the server chose; '' for none. */
  readonly protocol: string;
  /** Messages can be sent. */
  readonly isOpen: boolean;
  /** Sends a message: a text, or bytes. Resolves when the system has taken it. */
  send(message: string | Uint8Array, options?: Patience): Promise<void>;
  /** Sends a value as JSON, in a text. */
  sendJson(value: unknown, options?: Patience): Promise<void>;
  /** The next message. Rejects when none comes in time, or the connection ends (`eof`, `reset`). */
  receive(options?: Patience): Promise<WebSocketMessage>;
  /** The next message for which `match` holds; those before it are read over. */
  waitFor(match: Match<WebSocketMessage>, options?: Patience): Promise<WebSocketMessage>;
  /** Sends a ping and waits for its pong. Gives the time between them, ms. */
  ping(options?: Patience): Promise<number>;
  /** Closes it in good order, with a code (default: 1000) and a reason. A peer that does not answer within 2 s is cut off. */
  close(code?: number, reason?: string): Promise<void>;
}
