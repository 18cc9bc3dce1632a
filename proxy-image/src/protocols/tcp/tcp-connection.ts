import type { Injection } from '../../proxy/injection.ts';
import type { Session } from '../../proxy/session.ts';
import { corrupted } from '../exchange/corrupt.ts';
import type { ConnectionHandler } from '../protocol.ts';
import { randomBytes } from '../random-bytes.ts';
import { HoldLine } from './hold-line.ts';

/** The error of a protocol that has none: what the ancestor sent, in bytes. */
const ERROR_BYTES = 1000;

/** One raw connection. Its unit of choice is the connection, judged when it is accepted and when the rules change. */
export class TcpConnection implements ConnectionHandler {
  readonly #session: Session;
  /** The fault that this connection suffers from now. */
  #injection: Injection | undefined;
  #toBackend: HoldLine | undefined;
  #toClient: HoldLine | undefined;
  /** Bytes that the client still gets before the connection ends. */
  #abortAfter = 0;
  #pieces = 0;

  constructor(session: Session) {
    this.#session = session;
    this.rulesChanged();
    // Eagerly, for protocols in which the server speaks first; an error in the backend's place needs none.
    const effect = this.#injection?.effect;
    if (effect?.kind !== 'answer' || effect.point === 'forwarded') this.#connectUnlessOver();
  }

  fromClient(chunk: Buffer): void {
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
      this.#hold(this.#toClient, chunk);
    } else {
      this.#session.toClient(chunk);
    }
  }

  backendEnded(): void {
    if (this.#toClient) this.#hold(this.#toClient, 'end');
    else this.#session.endClient();
  }

  rulesChanged(): void {
    const injection = this.#session.judge(0, { operation: () => '' }, this.#injection);
    if (injection === this.#injection) return;
    this.#toBackend?.flush();
    this.#toClient?.flush();
    this.#toBackend = undefined;
    this.#toClient = undefined;
    this.#injection = injection;
    if (injection) this.#suffer(injection);
    else this.#session.connect();
  }

  #suffer(injection: Injection): void {
    const { effect } = injection;
    switch (effect.kind) {
      case 'hold':
        this.#session.connect();
        if (effect.side === 'request') this.#toBackend = this.#lineToBackend(effect.ms);
        else this.#toClient = this.#lineToClient(effect.ms);
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

  #lineToBackend(ms: number): HoldLine {
    const session = this.#session;
    return new HoldLine((done) => session.wait(ms, undefined, done), {
      chunk: (chunk) => session.toBackend(chunk),
      end: () => session.endBackend(),
      full: (full) => session.holdIntake(full),
    });
  }

  #lineToClient(ms: number): HoldLine {
    const session = this.#session;
    return new HoldLine((done) => session.wait(ms, undefined, done), {
      chunk: (chunk) => session.toClient(chunk),
      end: () => session.endClient(),
      full: (full) => session.holdBackend(full),
    });
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
