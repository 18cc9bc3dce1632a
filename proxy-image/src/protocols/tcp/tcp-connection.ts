import type { Injection } from '../../proxy/injection.ts';
import { corrupted } from '../exchange/corrupt.ts';
import type { ConnectionHandler } from '../protocol.ts';
import { randomBytes } from '../random-bytes.ts';
import type { Session } from '../session.ts';
import { HoldLine } from './hold-line.ts';

/** The error of a protocol that has none: what the ancestor sent, in bytes. */
const ERROR_BYTES = 1000;

const NOTHING_ASKED = { operation: '' };

/** One raw connection. Its unit of choice is the connection, judged when it is accepted and when the rules change. */
export class TcpConnection implements ConnectionHandler {
  readonly keepsNothing = true;
  readonly #session: Session;
  /** The fault that this connection suffers from now. */
  #injection: Injection | undefined;
  #toBackend: HoldLine | undefined;
  #toClient: HoldLine | undefined;
  /** How long what comes now is held, ms. */
  #holdMs = 0;
  /** Bytes that the client still gets before the connection ends. */
  #abortAfter = 0;
  #pieces = 0;
  /** Bytes that the client may still send, where all that counts is its first piece. */
  #askBytes: number | undefined;

  /** `askBytes`: only so many bytes of the client's first piece reach the backend, whose end then is the connection's. */
  constructor(session: Session, { askBytes }: { readonly askBytes?: number | undefined } = {}) {
    this.#session = session;
    this.#askBytes = askBytes;
    this.rulesChanged();
    // Eagerly, for protocols in which the server speaks first; an error in the backend's place needs none.
    const effect = this.#injection?.effect;
    if (effect?.kind !== 'answer' || effect.point === 'forwarded') this.#connectUnlessOver();
  }

  /** A chunk that is held is on its way. */
  get busy(): boolean {
    return !(this.#toBackend?.empty ?? true) || !(this.#toClient?.empty ?? true);
  }

  fromClient(all: Buffer): void {
    const chunk = this.#askBytes === undefined ? all : this.#ask(all, this.#askBytes);
    if (chunk.length === 0) return;
    if (this.#toBackend) this.#hold(this.#toBackend, chunk);
    else if (this.#session.connected) this.#session.toBackend(chunk);
    else this.#answerWithError();
  }

  clientEnded(): void {
    if (this.#toBackend) this.#hold(this.#toBackend, 'end');
    else this.#session.endBackend();
  }

  fromBackend(chunk: Buffer): void {
    const injection = this.#injection;
    const effect = injection?.effect;
    if (effect?.kind === 'answer') {
      this.#answerWithError();
    } else if (injection && effect?.kind === 'corrupt') {
      injection.report('connection');
      this.#session.toClient(corrupted(chunk, effect.bytes, injection.draw(`corrupt ${this.#pieces++}`)));
    } else if (injection && effect?.kind === 'abort') {
      injection.report('connection');
      this.#abortWithin(chunk);
    } else if (this.#toClient) {
      this.#hold(this.#toClient, Buffer.from(chunk));
    } else {
      this.#session.toClient(chunk);
    }
  }

  backendEnded(): void {
    if (this.#toClient) this.#hold(this.#toClient, 'end');
    else this.#endClient();
  }

  rulesChanged(): void {
    const injection = this.#session.judge(0, NOTHING_ASKED, this.#injection);
    if (injection === this.#injection || this.#goesOn(injection)) return;
    this.#toBackend?.flush();
    this.#toClient?.flush();
    this.#toBackend = undefined;
    this.#toClient = undefined;
    this.#injection = injection;
    if (injection) this.#suffer(injection);
    else this.#session.connect();
  }

  /** The next step of a ramp changes what is to come, and leaves alone what is under way. */
  #goesOn(next: Injection | undefined): boolean {
    const current = this.#injection;
    if (!current || !next || !isNextStep(current, next) || current.effect.kind !== next.effect.kind) return false;
    const { effect } = next;
    if (effect.kind === 'silence') return true;
    if (effect.kind !== 'hold' || current.effect.kind !== 'hold' || effect.side !== current.effect.side) return false;
    this.#injection = next;
    this.#holdMs = effect.ms;
    return true;
  }

  #suffer(injection: Injection): void {
    const { effect } = injection;
    switch (effect.kind) {
      case 'hold':
        this.#session.connect();
        this.#holdMs = effect.ms;
        if (effect.side === 'request') this.#toBackend = this.#lineToBackend();
        else this.#toClient = this.#lineToClient();
        break;
      case 'abort':
        this.#abortAfter = effect.afterBytes;
        break;
      case 'silence':
        injection.report('connection');
        this.#session.silence(injection, effect.maxMs);
        break;
      case 'cut':
        injection.report('connection');
        this.#session.cut(effect.mode);
        break;
      case 'answer': // When bytes come that can be answered, or replaced.
      case 'corrupt': // When bytes come.
      case 'pass':
        break;
    }
  }

  #connectUnlessOver(): void {
    const kind = this.#injection?.effect.kind;
    if (kind !== 'silence' && kind !== 'cut') this.#session.connect();
  }

  #hold(line: HoldLine, chunk: Buffer | 'end'): void {
    this.#injection?.report('connection');
    line.push(chunk);
  }

  #lineToBackend(): HoldLine {
    const session = this.#session;
    return new HoldLine((done) => session.wait(this.#holdMs, undefined, done), {
      chunk: (chunk) => session.toBackend(chunk),
      end: () => session.endBackend(),
      full: (full) => session.holdIntake(full),
    });
  }

  #lineToClient(): HoldLine {
    const session = this.#session;
    return new HoldLine((done) => session.wait(this.#holdMs, undefined, done), {
      chunk: (chunk) => session.toClient(chunk),
      end: () => this.#endClient(),
      full: (full) => session.holdBackend(full),
    });
  }

  #ask(chunk: Buffer, bytes: number): Buffer {
    this.#askBytes = 0;
    return chunk.subarray(0, bytes);
  }

  #endClient(): void {
    if (this.#askBytes === undefined) this.#session.endClient();
    else this.#session.finish();
  }

  #abortWithin(chunk: Buffer): void {
    if (this.#abortAfter > 0) this.#session.toClient(chunk.subarray(0, this.#abortAfter));
    this.#abortAfter -= chunk.length;
    if (this.#abortAfter <= 0) this.#session.finish();
  }

  #answerWithError(): void {
    const injection = this.#injection;
    if (!injection) return;
    injection.report('connection');
    this.#session.toClient(randomBytes(injection.draw('bytes'), ERROR_BYTES));
    this.#session.finish();
  }
}

function isNextStep(current: Injection, next: Injection): boolean {
  const [{ rule: before }, { rule: after }] = [current.active, next.active];
  return before.step !== undefined && after.step !== undefined && before.name === after.name;
}
