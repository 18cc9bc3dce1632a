import type { BackendStep } from '../exchange/codec.ts';
import type { Link } from './link.ts';
import { ReplyReader } from './reply-reader.ts';
import type { Unit } from './unit.ts';

/** Finds the replies in what the server sends. */
export class BackendSide {
  readonly #link: Link;
  readonly #reader = new ReplyReader();
  #greeted = false;
  /** The reply that is being read answers no request. */
  #unasked = false;

  constructor(link: Link) {
    this.#link = link;
  }

  read(chunk: Buffer, from: number, unit: Unit | undefined): BackendStep {
    if (this.#link.lost) return { kind: 'opaque' };
    if (this.#reader.idle) {
      // The first reply is the greeting, even if the client has not waited for it.
      this.#unasked = !this.#greeted || !unit;
      // For the server the message has ended: it takes another line than we do for its end.
      if (!this.#unasked && unit?.message && !unit.complete) return this.#lose();
    }
    this.#reader.at = from;
    for (;;) {
      const reading = this.#reader.read(chunk);
      if (reading === 'invalid') return this.#lose();
      if (this.#unasked) {
        if (reading === 'end') this.#greeted = true;
        return { kind: 'unasked', end: this.#reader.at };
      }
      if (reading === 'starved') return { kind: 'more' };
      if (unit && this.#took(unit, this.#reader.code)) return { kind: 'complete', end: this.#reader.at };
    }
  }

  /** Takes a reply in. False when another one will follow. */
  #took(unit: Unit, code: number): boolean {
    if (unit.operation === 'AUTH' && code === 334) return false;
    unit.reply = code;
    if (unit === this.#link.authenticating) this.#link.authenticating = undefined;
    switch (unit.operation) {
      case 'DATA':
        // Who sends more before this reply has sent a message that was read as commands.
        if (code === 354) this.#link.takesMessage = true;
        this.#link.lost = code === 354 && unit !== this.#link.last;
        break;
      case 'STARTTLS':
        this.#link.lost = code === 220;
        break;
      case 'TURN':
      case 'ATRN':
        // Client and server change places.
        this.#link.lost = code === 250;
        break;
      case 'MAIL':
        if (code === 250) this.#link.chunksFailed = false;
        break;
    }
    return true;
  }

  #lose(): BackendStep {
    this.#link.lost = true;
    return { kind: 'opaque' };
  }
}
