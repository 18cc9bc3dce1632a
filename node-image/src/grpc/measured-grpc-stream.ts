import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClientDuplexStream, StatusObject } from '@grpc/grpc-js';
import type { ByScenario } from '../connection/by-scenario.ts';
import { Inbox } from '../connection/inbox.ts';
import { Pending } from '../connection/pending.ts';
import type { Counter } from '../recording/series-recorder.ts';
import type { CallOutcome } from './call-account.ts';
import type { GrpcResponse, GrpcStream } from './grpc-connection.ts';

export type StreamMeters = { readonly begun: Counter; readonly sent: Counter; readonly received: Counter };

export type StreamParts = {
  /** Whatever its kind: all of them are the same on the wire. */
  readonly call: ClientDuplexStream<object, object>;
  readonly meters: ByScenario<StreamMeters>;
  /** Counts the call, when it has ended. */
  readonly settle: (status: StatusObject, cancelled: boolean) => CallOutcome;
};

/** A call that streams, whose messages are counted. */
export class MeasuredGrpcStream implements GrpcStream<object, object> {
  readonly #call: StreamParts['call'];
  readonly #parts: StreamParts;
  readonly #inbox: Inbox<object>;
  readonly #pending = new Pending();
  readonly #ended = Promise.withResolvers<CallOutcome>();
  #outcome: CallOutcome | undefined;
  #cancelled = false;
  /** All messages have come. */
  #drained = false;

  constructor(parts: StreamParts) {
    const { call, settle, meters } = parts;
    this.#call = call;
    this.#parts = parts;
    this.#inbox = new Inbox({ sizeOf: () => 0, pause: () => call.pause(), resume: () => call.resume() });
    call.on('data', (message: object) => {
      meters.now.received(1, performance.now());
      this.#inbox.push(message);
    });
    // The status tells of it.
    call.on('error', () => undefined);
    call.on('end', () => {
      this.#drained = true;
      this.#endInbox();
    });
    call.on('status', (status) => this.#onStatus(settle(status, this.#cancelled)));
  }

  async send(message: object): Promise<void> {
    if (this.#outcome) await this.#refuse(this.#outcome);
    await this.#pending.wait((done) => this.#call.write(message, done));
    this.#parts.meters.now.sent(1, performance.now());
  }

  end(): void {
    this.#call.end();
  }

  async receive(): Promise<object | undefined> {
    const message = await this.#inbox.take();
    if (message === undefined) await nextTurn();
    return message;
  }

  async finish(): Promise<GrpcResponse<object>> {
    this.end();
    let last: object = {};
    for (;;) {
      const message = await this.receive();
      if (message === undefined) break;
      last = message;
    }
    const outcome = await this.#ended.promise;
    if ('error' in outcome) throw outcome.error;
    return { ...outcome.response, message: last };
  }

  cancel(): void {
    this.#cancelled = true;
    this.#call.cancel();
    // A peer that hangs, and messages that nobody reads, hold up nothing.
    this.#call.resume();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<object, void, undefined> {
    try {
      for (;;) {
        const message = await this.receive();
        if (message === undefined) return;
        yield message;
      }
    } finally {
      // Who leaves the loop before the end wants no more.
      if (!this.#outcome) this.cancel();
    }
  }

  #onStatus(outcome: CallOutcome): void {
    this.#outcome = outcome;
    this.#ended.resolve(outcome);
    this.#pending.reject(errorOf(outcome));
    this.#endInbox();
  }

  #endInbox(): void {
    const outcome = this.#outcome;
    if (outcome && this.#drained) this.#inbox.end('error' in outcome ? outcome.error : undefined);
  }

  /** In a later turn of the event loop: a scenario that tries again for ever must not block it. */
  async #refuse(outcome: CallOutcome): Promise<never> {
    await nextTurn();
    throw errorOf(outcome);
  }
}

function errorOf(outcome: CallOutcome): Error {
  return 'error' in outcome ? outcome.error : new Error('nothing can be sent: the server has ended the call');
}
