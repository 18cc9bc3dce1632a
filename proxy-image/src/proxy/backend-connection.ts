import type { Socket } from 'node:net';
import type { BackendTls } from '@loads/core';
import { type Endpoint, openBackend } from './endpoint.ts';
import { ReadBuffer } from './read-buffer.ts';

/** Who hears of a connection to the backend: one session at a time, or the pool. */
export type BackendListener = {
  /**
   * Bytes have come. Those that are `lent` are there until this returns, or as long as the connection is paused in it;
   * true: they are referred to all the same, and the memory must not be used again.
   */
  data(chunk: Buffer, lent: boolean): boolean;
  /** The backend has sent its last byte. */
  ended(): void;
  failed(): void;
  closed(): void;
  /** What was written has gone. */
  drained(): void;
};

const NOBODY: BackendListener = { data: () => false, ended() {}, failed() {}, closed() {}, drained() {} };

/** How a connection to the backend is opened. */
export type BackendOpening = {
  readonly endpoint: Endpoint;
  readonly tls: BackendTls | undefined;
  /** ms until it has to be open. */
  readonly connectMs: number | undefined;
  /** Epoch ms. */
  readonly nowMs: number;
};

/** One connection to the backend, which may serve one client after another. What is sent before it is open waits. */
export class BackendConnection {
  readonly socket: Socket;
  readonly endpoint: Endpoint;
  /** Epoch ms. */
  readonly openedMs: number;
  #connected = false;
  #listener: BackendListener;

  constructor({ endpoint, tls, connectMs, nowMs }: BackendOpening, listener: BackendListener) {
    const buffer = new ReadBuffer();
    const socket = openBackend(endpoint, tls, {
      buffer: () => buffer.next(),
      callback: (bytes) => {
        if (this.#listener.data(buffer.first(bytes), true)) buffer.keep();
        return true;
      },
    });
    this.socket = socket;
    this.endpoint = endpoint;
    this.openedMs = nowMs;
    this.#listener = listener;
    // A time-out that nobody clears would strike a connection that is only idle.
    if (connectMs !== undefined) socket.setTimeout(connectMs, () => socket.destroy(new Error('timeout')));
    socket
      .on(tls ? 'secureConnect' : 'connect', () => {
        this.#connected = true;
        if (connectMs !== undefined) socket.setTimeout(0).removeAllListeners('timeout');
      })
      .on('end', () => this.#listener.ended())
      .on('error', () => this.#listener.failed())
      .on('close', () => this.#listener.closed())
      .on('drain', () => this.#listener.drained());
    if (tls) socket.on('data', (chunk: Buffer) => this.#listener.data(chunk, false));
  }

  /** Whether it was open once. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Whether nothing is on its way in either direction, and both are open. */
  get clean(): boolean {
    const { socket } = this;
    return (
      this.#connected &&
      !socket.destroyed &&
      !socket.readableEnded &&
      socket.readableLength === 0 &&
      !socket.writableEnded &&
      socket.writableLength === 0
    );
  }

  /** Lets somebody else hear what comes from now on; without a listener nobody. */
  handTo(listener: BackendListener = NOBODY): void {
    this.#listener = listener;
  }
}
