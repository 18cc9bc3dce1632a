import type { Socket } from 'node:net';
import type { Opening } from '../transport.ts';

/** Times the steps of a socket that is being opened. */
export class OpeningClock {
  readonly #secure: boolean;
  readonly #fromMs = performance.now();
  readonly #socket: Socket;
  readonly #onLookup = (): void => {
    this.#lookedUpMs = performance.now();
  };
  #lookedUpMs = 0;
  #connectedMs = 0;

  /** `secure`: the socket is ready once TLS is. */
  constructor(socket: Socket, secure: boolean) {
    this.#secure = secure;
    this.#socket = socket;
    socket.once('lookup', this.#onLookup);
    socket.once('connect', () => {
      this.#connectedMs = performance.now();
    });
  }

  /** The socket is ready now. */
  stop(): Opening {
    const nowMs = performance.now();
    // There was none for an address: idle connections are many, and keep nothing that they do not need.
    this.#socket.off('lookup', this.#onLookup);
    const lookedUpMs = this.#lookedUpMs || this.#fromMs;
    const connectedMs = this.#connectedMs || nowMs;
    return {
      lookupMs: lookedUpMs - this.#fromMs,
      connectMs: connectedMs - lookedUpMs,
      tlsMs: this.#secure ? nowMs - connectedMs : 0,
    };
  }
}
