import type { Injection } from '../../proxy/injection.ts';
import type { Session } from '../../proxy/session.ts';
import type { ConnectionHandler } from '../protocol.ts';
import type { Answer, Codec, Request } from './codec.ts';
import { Exchange } from './exchange.ts';
import { Intake } from './intake.ts';

/** What happens to the bytes of the request that is being read. */
type Fate =
  /** Its head is not complete: they are kept. */
  | 'undecided'
  | 'forward'
  /** It is answered here, or in another's place: they are discarded. */
  | 'swallow';

/**
 * One connection of a protocol of requests and responses. Its unit of choice is the request, judged when its head has
 * come. Requests go to the backend as they come, without waiting for earlier answers; the exchanges under way stand in
 * one queue, so that answers keep their order whoever gives them. Every byte that is passed on is passed on unchanged.
 */
export class ExchangeConnection implements ConnectionHandler {
  readonly #session: Session;
  readonly #codec: Codec;
  readonly #fromClient: Intake;
  readonly #fromBackend: Intake;
  /** Requests without a complete answer, oldest first. */
  readonly #pending: Exchange[] = [];
  /** The request that is being read. */
  #current: Exchange | undefined;
  #fate: Fate = 'undecided';
  /** The bytes of a head that is not complete. */
  #parts: Buffer[] = [];
  #requests = 0;
  #opaque = false;
  #cancelHold: (() => void) | undefined;
  #outOfTurn = false;
  /** The request that is held has no more bytes to come. */
  #heldComplete = false;
  #clientDone = false;
  #backendDone = false;

  constructor(session: Session, codec: Codec) {
    this.#session = session;
    this.#codec = codec;
    this.#fromClient = new Intake((full) => session.holdIntake(full));
    this.#fromBackend = new Intake((full) => session.holdBackend(full));
    if (codec.serverFirst) session.connect();
  }

  fromClient(chunk: Buffer): void {
    if (this.#opaque) this.#session.toBackend(chunk);
    else if (this.#fromClient.push(chunk)) this.#readClient();
  }

  fromBackend(chunk: Buffer): void {
    if (this.#opaque) this.#session.toClient(chunk);
    else if (this.#fromBackend.push(chunk)) this.#readBackend();
  }

  clientEnded(): void {
    this.#clientDone = true;
    this.#passEndsOn();
  }

  backendEnded(): void {
    this.#backendDone = true;
    this.#passEndsOn();
  }

  #readClient(): void {
    this.#fromClient.drain((chunk, from) => {
      const step = this.#codec.readClient(chunk, from);
      if (step.kind === 'opaque') {
        this.#turnOpaque(chunk.subarray(from));
        return chunk.length;
      }
      const end = step.kind === 'more' ? chunk.length : step.end;
      const bytes = chunk.subarray(from, end);
      if (step.kind === 'head') {
        this.#begin(step.request, bytes);
        // A request that is all head is complete, though no byte is left to say so.
        if (end === chunk.length && this.#codec.readClient(chunk, end).kind === 'complete') this.#completeRequest();
      } else if (step.kind === 'continued') this.#session.toBackend(bytes);
      else this.#take(bytes);
      if (step.kind === 'complete') this.#completeRequest();
      return end;
    });
    this.#passEndsOn();
  }

  /** Takes bytes of the request that is being read. */
  #take(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#fate === 'undecided') this.#parts.push(bytes);
    else if (this.#fate === 'forward') this.#session.toBackend(bytes);
  }

  /** Decides about a request whose head has come, with `bytes` as its last part. */
  #begin(request: Request, bytes: Buffer): void {
    const head = [...this.#parts, bytes];
    this.#parts = [];
    if (request.judged) this.#session.stats.requests++;
    const injection = request.judged ? this.#session.judge(++this.#requests, aboutOf(request)) : undefined;
    if (injection) this.#suffer(injection, request, head);
    else if (request.instead) this.#replace(request, request.instead);
    else this.#forward(new Exchange(request), head);
  }

  #forward(exchange: Exchange, head: readonly Buffer[]): void {
    this.#fate = 'forward';
    this.#enqueue(exchange);
    for (const part of head) this.#session.toBackend(part);
  }

  #swallow(exchange: Exchange): void {
    this.#fate = 'swallow';
    this.#enqueue(exchange);
    this.#settle();
  }

  #enqueue(exchange: Exchange): void {
    this.#current = exchange;
    if (exchange.request.answered || !exchange.forwarded) this.#pending.push(exchange);
  }

  /** The codec wants something else to reach the backend than what the client sent. */
  #replace(request: Request, { toBackend, toClient }: NonNullable<Request['instead']>): void {
    const answer = { bytes: toClient, close: false };
    this.#swallow(new Exchange(request, { forwarded: toBackend !== undefined, answer }));
    if (toBackend) this.#session.toBackend(toBackend);
  }

  #suffer(injection: Injection, request: Request, head: readonly Buffer[]): void {
    const { effect } = injection;
    const before =
      effect.kind === 'cut' || effect.kind === 'silence' || (effect.kind === 'answer' && effect.point === 'before');
    injection.report(before ? 'before' : 'forwarded');
    if (effect.kind === 'hold' && effect.side === 'request') {
      this.#holdRequest(injection, effect.ms, request, head);
      return;
    }
    const answer = this.#nativeError(injection, request);
    const exchange = new Exchange(request, { injection, forwarded: !before, answer });
    if (before) this.#swallow(exchange);
    else this.#forward(exchange, head);
  }

  #nativeError(injection: Injection, request: Request): Answer | undefined {
    const { effect, id } = injection;
    if (effect.kind !== 'answer') return undefined;
    const { code, message } = effect;
    return this.#codec.errorFor(request, {
      id,
      code,
      message,
      draw: injection.draw('code'),
      atMs: this.#session.now(),
    });
  }

  #holdRequest(injection: Injection, ms: number, request: Request, head: readonly Buffer[]): void {
    this.#fromClient.hold(true);
    this.#heldComplete = false;
    this.#parts = [...head];
    this.#cancelHold = this.#session.wait(ms, injection.active.ended, () => {
      this.#cancelHold = undefined;
      const held = this.#parts;
      this.#parts = [];
      this.#forward(new Exchange(request), held);
      this.#fromClient.hold(false);
      if (this.#heldComplete) this.#completeRequest();
      this.#readClient();
    });
  }

  #completeRequest(): void {
    const exchange = this.#current;
    if (!exchange) {
      this.#heldComplete = true;
      return;
    }
    this.#current = undefined;
    this.#fate = 'undecided';
    exchange.complete = true;
    // A one-way request that is to be cut off has no answer to wait for.
    if (exchange.aborted && !exchange.request.answered) {
      this.#end(() => this.#session.finish());
      return;
    }
    this.#settle();
    if (this.#codec.serial && this.#pending.length > 0) this.#fromClient.hold(true);
  }

  /** Reads on, when requests wait for the answer that has just been given. */
  #nextRequest(): void {
    if (!this.#codec.serial || this.#pending.length > 0 || this.#cancelHold) return;
    this.#fromClient.hold(false);
    if (!this.#fromClient.empty) this.#readClient();
  }

  #readBackend(): void {
    this.#fromBackend.drain((chunk, from) => {
      const oldest = this.#pending[0];
      const exchange = oldest?.forwarded ? oldest : undefined;
      if (oldest && !exchange && this.#codec.serial) {
        // It speaks out of turn (a timeout, say) while this request gets its answer here: nothing can follow that.
        this.#outOfTurn = true;
        return chunk.length;
      }
      if (exchange?.holdMs !== undefined && exchange.injection) {
        this.#holdResponse(exchange, exchange.injection, exchange.holdMs);
        return from;
      }
      const step = this.#codec.readBackend(chunk, from, exchange?.request);
      if (step.kind === 'opaque') {
        this.#turnOpaque();
        this.#session.toClient(chunk.subarray(from));
        return chunk.length;
      }
      const end = step.kind === 'more' ? chunk.length : step.end;
      const bytes = chunk.subarray(from, end);
      if (step.kind === 'unasked' || !exchange) this.#session.toClient(bytes);
      else this.#deliver(exchange, bytes);
      if (step.kind === 'complete' && exchange) this.#completeResponse(exchange);
      return end;
    });
    this.#passEndsOn();
  }

  #holdResponse(exchange: Exchange, { active }: Injection, ms: number): void {
    exchange.holdMs = undefined;
    this.#fromBackend.hold(true);
    this.#session.wait(ms, active.ended, () => {
      this.#fromBackend.hold(false);
      this.#readBackend();
    });
  }

  #deliver(exchange: Exchange, piece: Buffer): void {
    const { bytes, ends } = exchange.deliver(piece);
    if (bytes && bytes.length > 0) this.#session.toClient(bytes);
    if (ends) this.#end(() => this.#session.finish());
  }

  /** Reads no more, of either side, and ends the connection. */
  #end(how: () => void): void {
    this.#fromClient.close();
    this.#fromBackend.close();
    how();
  }

  #completeResponse(exchange: Exchange): void {
    if (exchange.aborted) {
      // The answer was shorter than what was to come of it.
      this.#end(() => this.#session.finish());
      return;
    }
    if (exchange.replaced) this.#give(exchange);
    this.#pending.shift();
    this.#settle();
    this.#nextRequest();
  }

  /** Ends every exchange at the head of the queue that needs no backend. */
  #settle(): void {
    for (let oldest = this.#pending[0]; oldest && !oldest.forwarded; oldest = this.#pending[0]) {
      const { injection, answer, complete } = oldest;
      const effect = injection?.effect;
      // What is to be cut, or never answered, does not wait for the rest of its request.
      if (effect?.kind === 'cut') this.#end(() => this.#session.cut(effect.mode));
      else if (injection && effect?.kind === 'silence') this.#end(() => this.#session.silence(injection, effect.maxMs));
      if (effect?.kind === 'cut' || effect?.kind === 'silence') return;
      if (!complete && !answer?.close) return;
      this.#pending.shift();
      this.#give(oldest);
    }
  }

  /** Answers in the backend's place; where the protocol has no error for the request, the connection is cut. */
  #give({ request, answer }: Exchange): void {
    if (answer) this.#session.toClient(answer.bytes);
    if (answer?.close || this.#outOfTurn) this.#end(() => this.#session.finish());
    else if (!answer && request.answered) this.#end(() => this.#session.cut('rst'));
  }

  #turnOpaque(rest?: Buffer): void {
    this.#session.stats.opaque++;
    this.#relayOnly(rest);
  }

  /** Passes on what is kept here, then `rest`, and all that follows, unread. */
  #relayOnly(rest?: Buffer): void {
    this.#opaque = true;
    this.#cancelHold?.();
    this.#cancelHold = undefined;
    for (const part of [...this.#parts, ...(rest ? [rest] : []), ...this.#fromClient.take()])
      this.#session.toBackend(part);
    this.#parts = [];
    for (const chunk of this.#fromBackend.take()) this.#session.toClient(chunk);
    this.#passEndsOn();
  }

  #passBackendsEndOn(): void {
    const [oldest] = this.#pending;
    if (oldest && !oldest.forwarded) {
      this.#outOfTurn = true;
      return;
    }
    // A response that lasts until the end of the connection is complete now.
    if (oldest?.forwarded && oldest.answer) this.#completeResponse(oldest);
    this.#session.endClient();
    // No answer can follow the end, not even an injected one: the backend may have what the client still sends.
    if (!this.#opaque) this.#relayOnly();
  }

  /** Passes an end on once everything before it has gone. */
  #passEndsOn(): void {
    if (this.#backendDone && this.#fromBackend.empty) this.#passBackendsEndOn();
    if (!this.#clientDone || !this.#fromClient.empty || this.#cancelHold) return;
    if (!this.#opaque && this.#parts.length > 0) {
      // Half a request, that nobody will finish: whatever it was, the backend gets it too.
      for (const part of this.#parts) this.#session.toBackend(part);
      this.#parts = [];
    }
    this.#session.endBackend();
  }
}

function aboutOf(request: Request): Parameters<Session['judge']>[1] {
  return { operation: () => request.operation, header: (name) => request.header?.(name) };
}
