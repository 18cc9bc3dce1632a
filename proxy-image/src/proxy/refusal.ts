import type { Socket } from 'node:net';
import { reset } from './endpoint.ts';

/** What tells a client, in its protocol, that there is no room for its connection. */
export type Refusal = {
  readonly bytes: Uint8Array;
  /** When clients of this protocol listen: as soon as they are connected, or once they have asked something. */
  readonly when: 'connected' | 'asked';
};

/** A client that has not asked, or not left, by then is reset: a place for refusing is no place for staying. ms. */
const PATIENCE_MS = 1000;
/** Clients that are being told at a time; those beyond are reset, so that a flood costs nothing. */
const MOST_AT_ONCE = 256;

/** Turns clients away: with the protocol's own words where it has some, else by a reset. */
export class Refuser {
  readonly #refusal: Refusal | undefined;
  readonly #leaving = new Set<Socket>();

  constructor(refusal: Refusal | undefined) {
    this.#refusal = refusal;
  }

  refuse(socket: Socket): void {
    socket.on('error', () => undefined);
    const refusal = this.#refusal;
    if (!refusal || this.#leaving.size >= MOST_AT_ONCE) {
      reset(socket);
      return;
    }
    this.#leaving.add(socket);
    const impatience = setTimeout(() => reset(socket), PATIENCE_MS);
    socket.once('close', () => {
      clearTimeout(impatience);
      this.#leaving.delete(socket);
    });
    if (refusal.when === 'connected') socket.end(refusal.bytes);
    else socket.once('data', () => socket.end(refusal.bytes)).once('end', () => socket.end());
    // What it goes on to say is read and dropped: unread bytes would make the end a reset, and the words get lost.
    socket.resume();
  }

  close(): void {
    for (const socket of this.#leaving) socket.destroy();
  }
}
