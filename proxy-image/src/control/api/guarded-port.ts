import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { type Address, LoadsError } from '@loads/core';
import { isLoopback } from './loopback.ts';

export type GuardedPortOptions = {
  /** What listens there, as messages call it: `the control API`. */
  readonly name: string;
  /** Port 0: a free one. */
  readonly address: Address;
  /** What `answer` demands; any host but the loopback needs one. */
  readonly token: string | undefined;
  /** How to give one. */
  readonly tokenHint: string;
  readonly answer: RequestListener;
};

/** A port of HTTP that others than this machine reach only with a token. */
export class GuardedPort implements AsyncDisposable {
  readonly address: Address;
  readonly #server: Server;

  private constructor(server: Server, address: Address) {
    this.#server = server;
    this.address = address;
  }

  /** Listens when this returns. Throws ERR_PORT_IN_USE, and ERR_CONFIG where a token is missing. */
  static async open({ name, address, token, tokenHint, answer }: GuardedPortOptions): Promise<GuardedPort> {
    const { host, port } = address;
    if (token === undefined && !isLoopback(host)) {
      throw new LoadsError('ERR_CONFIG', `${name} on ${host} can be reached by others and needs a token`, {
        hint: tokenHint,
      });
    }
    // Only here: whoever opens no port starts without it.
    const { createServer } = await import('node:http');
    const server = createServer(answer);
    try {
      server.listen({ host, port });
      await once(server, 'listening');
    } catch (cause) {
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new LoadsError(taken ? 'ERR_PORT_IN_USE' : 'ERR_CONFIG', `${name} cannot listen: ${why}`, { cause });
    }
    server.on('error', () => undefined);
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new LoadsError('ERR_CONFIG', `${name} has no port`);
    return new GuardedPort(server, { host: bound.address, port: bound.port });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
