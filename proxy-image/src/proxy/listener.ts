import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { LoadsError } from '@loads/core';
import type { Endpoint } from './endpoint.ts';

export type ListenerOptions = {
  /** Names the proxy in errors. */
  readonly name: string;
  readonly endpoint: Endpoint;
  /** Connections that the kernel keeps until they are accepted. */
  readonly backlog?: number | undefined;
  /** TLS towards the clients, PEM. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  onConnection(socket: Socket): void;
};

/** A listening socket that can be closed for a while, and opened again where it was. */
export class Listener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  /** What has connected, from before its TLS handshake on. */
  readonly #sockets = new Set<Socket>();
  #endpoint: Endpoint;

  private constructor(server: Server, options: ListenerOptions) {
    this.#server = server;
    this.#options = options;
    this.#endpoint = options.endpoint;
  }

  /** Listens. Throws ERR_PORT_IN_USE when somebody else does there, and ERR_CONFIG when it cannot be done at all. */
  static async open(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(serverOf(options), options);
    const server = listener.#server;
    server.on('connection', (socket: Socket) => {
      listener.#sockets.add(socket);
      socket.once('close', () => listener.#sockets.delete(socket));
    });
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
    for (const socket of this.#sockets) socket.destroy();
  }
}

function serverOf({ name, tls, onConnection }: ListenerOptions): Server {
  const settings = { allowHalfOpen: true, noDelay: true };
  if (!tls) return createServer(settings, onConnection);
  try {
    const server = createTlsServer({ ...settings, ...tls }, onConnection);
    // A handshake that fails is the client's; the socket is closed by then.
    return server.on('tlsClientError', () => undefined);
  } catch (cause) {
    throw cannotListen(name, cause);
  }
}

function cannotListen(name: string, cause: unknown): LoadsError {
  const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LoadsError(taken ? 'ERR_PORT_IN_USE' : 'ERR_CONFIG', `proxy '${name}' cannot listen: ${why}`, { cause });
}
