import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type Address, LoadsError } from '@loads/core';
import { type AppOptions, controlApp } from './app.ts';
import { isLoopback } from './loopback.ts';

export type ControlServerOptions = AppOptions & {
  /** Default: the loopback. Any other host demands a token. */
  readonly host?: string | undefined;
  /** Default: a free one. */
  readonly port?: number | undefined;
};

/** The control API on a port of its own. */
export class ControlServer implements AsyncDisposable {
  readonly address: Address;
  readonly #server: Server;

  private constructor(server: Server, address: Address) {
    this.#server = server;
    this.address = address;
  }

  /** Listens when this returns. Throws ERR_PORT_IN_USE, and ERR_CONFIG where a token is missing. */
  static async open({ host = 'localhost', port = 0, ...options }: ControlServerOptions): Promise<ControlServer> {
    if (options.token === undefined && !isLoopback(host)) {
      throw new LoadsError('ERR_CONFIG', `the control API on ${host} can be reached by others and needs a token`, {
        hint: 'give one with --token or $VAURIEN_TOKEN, or listen on localhost',
      });
    }
    const server = createServer(controlApp(options));
    try {
      server.listen({ host, port });
      await once(server, 'listening');
    } catch (cause) {
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new LoadsError(taken ? 'ERR_PORT_IN_USE' : 'ERR_CONFIG', `the control API cannot listen: ${why}`, {
        cause,
      });
    }
    server.on('error', () => undefined);
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new LoadsError('ERR_CONFIG', 'the control API has no port');
    return new ControlServer(server, { host: bound.address, port: bound.port });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
