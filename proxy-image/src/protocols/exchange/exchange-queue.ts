import type { Session } from '../session.ts';
import type { Exchange } from './exchange.ts';

/** The exchanges under way on one connection, oldest first: it gives their answers, and ends the connection, in order. */
export class ExchangeQueue {
  readonly #session: Session;
  readonly #limit: number;
  readonly #exchanges: Exchange[] = [];
  #over = false;
  readonly #keepAlive: boolean;
  #endsWhenEmpty = false;
  #spent = false;

  /** `limit`: at so many exchanges the queue is full; without `keepAlive` the first request is the last one. */
  constructor(session: Session, { limit, keepAlive }: { readonly limit: number; readonly keepAlive: boolean }) {
    this.#session = session;
    this.#limit = limit;
    this.#keepAlive = keepAlive;
  }

  /** The connection has ended, or is silent for good: nothing is read or written any more. */
  get over(): boolean {
    return this.#over;
  }

  get oldest(): Exchange | undefined {
    return this.#exchanges[0];
  }

  get full(): boolean {
    return this.#exchanges.length >= this.#limit;
  }

  /** Whether nothing that the client sends after these exchanges can be answered. */
  get last(): boolean {
    const last = this.#exchanges.at(-1);
    return this.#spent || (last !== undefined && (last.last || (!this.#keepAlive && last.request.judged)));
  }

  /** Whether the one request that a connection may have has been answered. */
  get spent(): boolean {
    return this.#spent;
  }

  /** Whether the client is to see something else than what the backend says. */
  get owes(): boolean {
    return this.#exchanges.some((one) => !one.awaited || one.replaced || one.aborted);
  }

  push(exchange: Exchange): void {
    // Nobody waits for the end of a one-way request that just passes.
    if (exchange.awaited || !exchange.forwarded || exchange.aborted) this.#exchanges.push(exchange);
    this.settle();
  }

  /** Gives the client a piece of the backend's answer to the oldest exchange, or what becomes of it. */
  deliver(exchange: Exchange, piece: Buffer): void {
    const { bytes, ends } = exchange.deliver(piece);
    if (bytes && bytes.length > 0) this.#session.toClient(bytes);
    if (ends) this.finish();
  }

  /** The backend's answer to the oldest exchange has ended. */
  answered(exchange: Exchange): void {
    if (this.#over) return;
    // The answer may be shorter than what was to come of it.
    if (exchange.aborted) this.finish();
    else if (exchange.replaced) this.#give(exchange);
    this.#shift();
    this.settle();
  }

  /** Ends every exchange at the head that waits for nothing from the backend. */
  settle(): void {
    for (let { oldest } = this; oldest && !oldest.awaited && !this.#over; { oldest } = this) {
      const { effect, injection, answer, complete } = oldest;
      // What is to be cut, or never answered, does not wait for the rest of its request.
      if (effect?.kind === 'cut') this.end(() => this.#session.cut(effect.mode));
      else if (injection && effect?.kind === 'silence') this.end(() => this.#session.silence(injection, effect.maxMs));
      else if (!complete && !answer?.close) return;
      else if (oldest.aborted) this.finish();
      else this.#give(oldest);
      this.#shift();
    }
    if (this.#endsWhenEmpty && !this.oldest) this.finish();
  }

  /** Ends the connection in good order as soon as all exchanges have been answered. */
  finishWhenEmpty(): void {
    this.#endsWhenEmpty = true;
    this.settle();
  }

  /** Ends the connection in good order. */
  finish(): void {
    this.end(() => this.#session.finish());
  }

  /** Ends the connection, unless that has happened. */
  end(how: () => void): void {
    if (this.#over) return;
    this.#over = true;
    how();
  }

  #shift(): void {
    const done = this.#exchanges.shift();
    if (!this.#keepAlive && done?.request.judged) this.#spent = true;
  }

  /** Answers in the backend's place; where the protocol has no error for the request, the connection is cut. */
  #give({ request, answer }: Exchange): void {
    if (answer) this.#session.answer(answer.bytes);
    if (answer?.close) this.finish();
    else if (!answer && request.answered) this.end(() => this.#session.cut('rst'));
  }
}
