import type { ConnectionHandler } from '../protocol.ts';
import type { Session } from '../session.ts';
import { AnswerPump } from './answer-pump.ts';
import type { Codec } from './codec.ts';
import { ExchangeQueue } from './exchange-queue.ts';
import { RequestPump } from './request-pump.ts';

/** A client with so many requests under way has to wait: something is kept of each. */
const MOST_EXCHANGES = 10_000;

/**
 * One connection of a protocol of requests and responses. Its unit of choice is the request, judged when its head has
 * come. Requests go to the backend as they come, without waiting for earlier answers; the exchanges under way stand in
 * one queue, so that answers keep their order whoever gives them. Every byte that is passed on is passed on unchanged.
 */
export class ExchangeConnection implements ConnectionHandler {
  readonly #session: Session;
  readonly #queue: ExchangeQueue;
  readonly #requests: RequestPump;
  readonly #answers: AnswerPump;
  #opaque = false;
  #clientDone = false;
  #backendDone = false;

  readonly #codec: Codec;

  constructor(session: Session, codec: Codec, keepAlive = true) {
    this.#session = session;
    this.#codec = codec;
    this.#queue = new ExchangeQueue(session, { limit: codec.serial ? 1 : MOST_EXCHANGES, keepAlive });
    const options = { session, codec, queue: this.#queue, onReady: () => this.#advance() };
    this.#requests = new RequestPump(options);
    this.#answers = new AnswerPump(options);
    if (codec.serverFirst) session.connect();
  }

  get keepsNothing(): boolean {
    return this.#opaque || this.#codec.keepsNothing === true;
  }

  get busy(): boolean {
    if (this.#opaque) return false;
    return !this.#requests.empty || !this.#answers.empty || this.#queue.oldest?.complete === true;
  }

  get reusable(): boolean {
    return (
      this.#codec.reusable === true &&
      !this.#opaque &&
      this.#queue.oldest === undefined &&
      this.#requests.settled &&
      this.#answers.settled
    );
  }

  fromClient(chunk: Buffer): void {
    if (this.#opaque) this.#session.toBackend(chunk);
    else this.#requests.push(chunk);
    this.#advance();
  }

  fromBackend(chunk: Buffer): void {
    if (this.#opaque) this.#session.toClient(chunk);
    else this.#answers.push(chunk);
    this.#advance();
    this.#answers.own();
  }

  clientEnded(): void {
    this.#clientDone = true;
    this.#advance();
  }

  backendEnded(): void {
    this.#backendDone = true;
    this.#advance();
  }

  /** Does all that can be done with what has come. */
  #advance(): void {
    if (!this.#opaque) {
      // Answers first: they make room for requests.
      this.#answers.pump();
      this.#requests.pump();
      if (this.#queue.spent) this.#queue.finish();
      this.#turnOpaqueIfLost();
    }
    if (!this.#queue.over && this.#backendDone && this.#answers.empty) this.#passBackendsEndOn();
    if (!this.#queue.over && this.#clientDone && this.#requests.empty) this.#passClientsEndOn();
  }

  #turnOpaqueIfLost(): void {
    const { lost, forwarding } = this.#requests;
    if (this.#queue.over || !(lost || this.#answers.lost)) return;
    if (!this.#queue.owes || forwarding) {
      this.#session.stats.opaque++;
      this.#relayOnly();
    } else if (lost) {
      this.#requests.close();
      this.#queue.finishWhenEmpty();
    } else this.#queue.finish();
  }

  /** Passes on what is kept here and all that follows, unread. */
  #relayOnly(): void {
    this.#opaque = true;
    for (const part of this.#requests.take()) this.#session.toBackend(part);
    const answers = this.#answers.take();
    // An answer that was held may have been the last thing to give.
    if (!this.#queue.over) for (const part of answers) this.#session.toClient(part);
  }

  #passBackendsEndOn(): void {
    if (!this.#opaque && !this.#answersEndHere()) return;
    this.#session.endClient();
    // The backend may still have what the client sends.
    if (!this.#opaque) this.#relayOnly();
  }

  /** Whether the client is to see the backend's end as it is. */
  #answersEndHere(): boolean {
    const queue = this.#queue;
    // A response that lasts until the end of the connection is complete now; what replaces it can be given.
    while (!queue.over && queue.oldest?.awaited && queue.oldest.replaced) queue.answered(queue.oldest);
    if (!queue.owes) return !queue.over;
    // The request that is being read gets its answer here, and needs no backend for it. No other answer can follow.
    if (queue.oldest?.awaited) queue.finish();
    else queue.finishWhenEmpty();
    return false;
  }

  #passClientsEndOn(): void {
    if (!this.#opaque) this.#requests.end();
    if (!this.#queue.over) this.#session.endBackend();
  }
}
