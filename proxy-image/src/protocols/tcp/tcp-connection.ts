import type { Injection } from '../../proxy/injection.ts';
import type { Session } from '../../proxy/session.ts';
import type { ConnectionHandler } from '../protocol.ts';
import { HoldLine } from './hold-line.ts';
import { randomBytesError } from './random-bytes.ts';

/** One raw connection. Its unit of choice is the connection, judged when it is accepted and when the rules change. */
export class TcpConnection implements ConnectionHandler {
  readonly #session: Session;
  /** The fault that this connection suffers from now. */
  #injection: Injection | undefined;
  #line: HoldLine | undefined;

  constructor(session: Session) {
    this.#session = session;
    this.rulesChanged();
    // Eagerly, for protocols in which the server speaks first; an error needs no backend.
    if (this.#injection === undefined || this.#injection.effect.kind === 'hold') session.connect();
  }

  fromClient(chunk: Buffer): void {
    if (this.#line) {
      this.#hold(this.#line, chunk);
    } else if (this.#session.connected) {
      this.#session.toBackend(chunk);
    } else {
      this.#answerWithError();
    }
  }

  clientEnded(): void {
    if (this.#line) this.#hold(this.#line, 'end');
    else this.#session.endBackend();
  }

  fromBackend(chunk: Buffer): void {
    if (this.#injection?.effect.kind === 'answer') this.#answerWithError();
    else this.#session.toClient(chunk);
  }

  backendEnded(): void {
    this.#session.endClient();
  }

  rulesChanged(): void {
    const injection = this.#session.judge(0, () => '', this.#injection);
    if (injection === this.#injection) return;
    this.#line?.flush();
    this.#line = undefined;
    this.#injection = injection;
    if (injection) this.#suffer(injection);
    else this.#session.connect();
  }

  #suffer(injection: Injection): void {
    const { effect } = injection;
    switch (effect.kind) {
      case 'hold':
        this.#session.connect();
        this.#line = this.#holdLine(effect.ms);
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
      case 'pass':
        break;
    }
  }

  #hold(line: HoldLine, chunk: Buffer | 'end'): void {
    this.#injection?.report('connection');
    line.push(chunk);
    this.#session.holdIntake(line.full);
  }

  #holdLine(ms: number): HoldLine {
    const session = this.#session;
    const line: HoldLine = new HoldLine((done) => session.wait(ms, undefined, done), {
      chunk(chunk) {
        session.toBackend(chunk);
        session.holdIntake(line.full);
      },
      end: () => session.endBackend(),
    });
    return line;
  }

  #answerWithError(): void {
    const injection = this.#injection;
    if (!injection) return;
    injection.report('connection');
    this.#session.toClient(randomBytesError(injection.draw('bytes')));
    this.#session.finish();
  }
}
