import type { BackendStep } from '../exchange/codec.ts';
import type { Link } from './link.ts';
import { MessageReader } from './message-reader.ts';
import { answersOneMessage, FROM_BACKEND, isBackendType } from './message-types.ts';
import type { TransactionStatus } from './messages.ts';
import type { Unit } from './unit.ts';

/** The byte that refuses encryption; the connection goes on in plain. */
const REFUSED = 'N'.charCodeAt(0);

/** Finds the responses in what the backend sends. */
export class BackendSide {
  readonly #link: Link;
  readonly #reader = new MessageReader((type) => (type === FROM_BACKEND.ready ? 1 : 0));
  /** The message that is being read answers no request. */
  #unasked = false;
  /** A response has begun. */
  #begun = false;
  /** After an error the backend discards what remains of a batch. */
  #discards = false;

  constructor(link: Link) {
    this.#link = link;
  }

  read(chunk: Buffer, from: number, unit: Unit | undefined): BackendStep {
    if (this.#link.lost) return { kind: 'opaque' };
    if (unit?.kind === 'encryption') {
      return chunk[from] === REFUSED ? { kind: 'complete', end: from + 1 } : this.#lose();
    }
    const reader = this.#reader;
    reader.at = from;
    if (reader.idle) {
      if (unit && this.#isAnswered(unit)) return this.#complete(from);
      this.#unasked = !this.#begun && isUnasked(chunk[from], unit);
      if (!unit && !this.#unasked) return this.#lose();
    }
    return this.#unasked ? this.#readUnasked(chunk) : this.#readResponse(chunk, unit);
  }

  #readUnasked(chunk: Buffer): BackendStep {
    const reader = this.#reader;
    for (;;) {
      const reading = reader.read(chunk);
      if (reading === 'invalid') return this.#lose();
      if (reading !== 'prefix') return { kind: 'unasked', end: reader.at };
    }
  }

  #readResponse(chunk: Buffer, unit: Unit | undefined): BackendStep {
    const reader = this.#reader;
    this.#begun = true;
    for (;;) {
      const type = reader.idle ? chunk[reader.at] : undefined;
      if (type !== undefined && (!isBackendType(type) || type === FROM_BACKEND.copyBoth)) return this.#lose();
      const reading = reader.read(chunk);
      if (reading === 'invalid') return this.#lose();
      if (reading === 'starved') return { kind: 'more' };
      if (reading === 'prefix' || !unit) continue;
      if (reader.type === FROM_BACKEND.ready) {
        if (!this.#becameReady(unit)) return this.#lose();
      } else this.#took(reader.type, unit);
      if (this.#isAnswered(unit)) return this.#complete(reader.at);
    }
  }

  /** Takes a ReadyForQuery in. False when it is none. */
  #becameReady(unit: Unit): boolean {
    const status = statusOf(this.#reader.prefix);
    if (!status) return false;
    this.#discards = false;
    this.#link.copying = false;
    unit.readies--;
    this.#link.transaction.settle(unit, status);
    return true;
  }

  #took(type: number, unit: Unit): void {
    if (type === FROM_BACKEND.error) {
      if (unit.kind === 'startup') unit.readies = 0;
      else this.#discards = unit.kind === 'extended';
    } else if (type === FROM_BACKEND.copyIn) {
      this.#link.copying = unit.kind === 'extended' && unit.ended !== 'flush';
    } else if (answersOneMessage(type)) unit.answers++;
  }

  /** Whether everything has come that the backend will send for the request. */
  #isAnswered(unit: Unit): boolean {
    if (unit.readies <= 0) return true;
    return unit.ended === 'flush' && (this.#discards || unit.answers >= unit.messages);
  }

  #complete(end: number): BackendStep {
    this.#begun = false;
    return { kind: 'complete', end };
  }

  #lose(): BackendStep {
    this.#link.lost = true;
    return { kind: 'opaque' };
  }
}

/** Whether a message that begins here belongs to no response. A notice or a parameter may belong to one. */
function isUnasked(type: number | undefined, unit: Unit | undefined): boolean {
  if (type === FROM_BACKEND.notification) return true;
  if (unit) return false;
  // An error comes unasked when the server ends the connection.
  return type === FROM_BACKEND.notice || type === FROM_BACKEND.parameterStatus || type === FROM_BACKEND.error;
}

function statusOf(prefix: Buffer): TransactionStatus | undefined {
  const status = prefix.toString('latin1');
  return status === 'I' || status === 'T' || status === 'E' ? status : undefined;
}
