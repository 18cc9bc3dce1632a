import type { Socket } from 'node:net';
import { Client } from 'undici';
import { codeOf, type PeerConduct } from './classify-failure.ts';
import type { Exchange } from './exchange.ts';
import { type Endpoint, openSocket } from './open-socket.ts';
import { MAX_BODY_BYTES } from './request-error.ts';

/** One keep-alive connection: carries one exchange at a time, and connects again when it has to. */
export class Connection {
  readonly #client: Client;
  readonly #peer = { ended: false, reset: false };
  #socket: Socket | undefined;

  constructor(origin: string, endpoint: Endpoint) {
    this.#client = new Client(origin, {
      allowH2: false,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: MAX_BODY_BYTES,
      connect: (_options, callback) => {
        this.#socket = openSocket(endpoint, (error, socket) => {
          if (error === null) this.#watch(socket);
          if (error === null) callback(null, socket);
          else callback(error, null);
        });
      },
    });
  }

  /** What the peer did to the present connection. */
  get peer(): PeerConduct {
    return this.#peer;
  }

  /** Sends an exchange; it must be the only one. It hears of errors too. */
  carry(exchange: Exchange): void {
    this.#client.dispatch(exchange.request, exchange);
  }

  /** Gives the connection up at once, also while it connects. */
  async destroy(): Promise<void> {
    const closed = this.#client.destroy();
    this.#socket?.destroy();
    await closed;
  }

  /** undici's errors do not tell a FIN from an RST in every case, so look before it does: our listeners come first. */
  #watch(socket: Socket): void {
    this.#peer.ended = false;
    this.#peer.reset = false;
    socket.once('end', () => {
      this.#peer.ended = true;
    });
    socket.on('error', (error) => {
      const code = codeOf(error);
      if (code === 'ECONNRESET' || code === 'EPIPE') this.#peer.reset = true;
    });
  }
}
