import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { LoadsError } from '@loads/core';
import type { Endpoint } from './endpoint.ts';
import { type Refusal, Refuser } from './refusal.ts';

export type ListenerOptions = {
  /** Names the proxy in errors. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Connections that the kernel keeps until they are accepted. */
  readonly backlog?: number | undefined;
  /** TLS towards the clients, PEM. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** How one that may not come is told so; without it, and under TLS, it is reset. */
  readonly refusal?: Refusal | undefined;
  /** Whether one more may come while so many TLS handshakes go on. */
  admits(handshakes: number): boolean;
  onConnection(socket: Socket): void;
};

const SOCKET_OPTIONS = { allowHalfOpen: true, noDelay: true } as const;

/** A listening socket that can be closed for a while, and opened again where it was. */
export class Listener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  readonly #refuser: Refuser;
  /** What has connected, from before its TLS handshake on. */
  readonly #sockets = new Set<Socket>();
  /** How many of them are through their TLS handshake. */
  #secured = 0;
  #endpoint: Endpoint;

  private constructor(options: ListenerOptions) {
    this.#options = options;
    this.#endpoint = options.endpoint;
    this.#refuser = new Refuser(options.tls ? undefined : options.refusal);
    const secure = options.tls && this.#tlsServer(options.tls);
    this.#server = createServer(SOCKET_OPTIONS, (socket) => this.#accept(socket, secure));
  }

  /** Listens. Throws ERR_PORT_IN_USE when somebody else does there, and ERR_CONFIG when it cannot be done at all. */
  static async open(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options);
    const server = listener.#server;
    await listener.listen();
    // A connection that could not be accepted (out of file descriptors) is the client's loss, not the proxy's end.
    server.on('error', () => undefined);
    return listener;
  }

  /** Where it listens; the port is the one that it got. */
  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  /** Listens again after `refuse`. */
  async listen(): Promise<void> {
    if (this.#server.listening) return;
    const { name, backlog } = this.#options;
    try {
      this.#server.listen({ ...this.#endpoint, ...(backlog === undefined ? {} : { backlog }) });
      await once(this.#server, 'listening');
    } catch (cause) {
      throw cannotListen(name, cause);
    }
    const bound = this.#server.address();
    if (bound !== null && typeof bound === 'object') this.#endpoint = { host: bound.address, port: bound.port };
  }

  /** Stops listening: the kernel refuses whoever comes. Open connections stay. */
  refuse(): void {
    if (this.#server.listening) this.#server.close();
  }

  /** Stops listening, and drops every connection, also those whose TLS handshake goes on. */
  close(): void {
    this.refuse();
    this.#refuser.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket, secure: Server | undefined): void {
    if (!this.#options.admits(secure ? this.#sockets.size - this.#secured : 0)) {
      this.#refuser.refuse(socket);
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (!secure) {
      this.#options.onConnection(socket);
      return;
    }
    // Nobody waits for the rest of a handshake from a client that has ended.
    socket.allowHalfOpen = false;
    secure.emit('connection', socket);
  }

  /** Never listens: it is handed what was admitted, so that a handshake takes a place from its first byte on. */
  #tlsServer(tls: { readonly key: string; readonly cert: string }): Server {
    try {
      const server = createTlsServer({ ...SOCKET_OPTIONS, ...tls });
      server.on('secureConnection', (socket) => {
        socket.allowHalfOpen = true;
        this.#secured++;
        socket.once('close', () => this.#secured--);
        this.#options.onConnection(socket);
      });
      // A handshake that fails is the client's; the socket is closed by then.
      return server.on('tlsClientError', () => undefined);
    } catch (cause) {
      throw cannotListen(this.#options.name, cause);
    }
  }
}

function cannotListen(name: string, cause: unknown): LoadsError {
  const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LoadsError(taken ? 'ERR_PORT_IN_USE' : 'ERR_CONFIG', `proxy '${name}' cannot listen: ${why}`, { cause });
}
