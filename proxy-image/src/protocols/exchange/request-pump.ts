import type { Effect } from '../../behaviors/effect.ts';
import type { Injection } from '../../proxy/injection.ts';
import type { Session } from '../session.ts';
import type { Answer, ClientStep, Codec, Request } from './codec.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeQueue } from './exchange-queue.ts';
import { Intake, part } from './intake.ts';

/** What happens to the bytes of the request that is being read. */
type Fate =
  /** It is not decided yet, or is to go on later: they are kept. */
  | 'keep'
  | 'forward'
  /** It is answered here, or in another's place: they are discarded. */
  | 'discard';

export type PumpOptions = {
  readonly session: Session;
  readonly codec: Codec;
  readonly queue: ExchangeQueue;
  /** Called when the pump can go on by itself. */
  readonly onReady: () => void;
};

/** Takes the client's requests to the backend, and decides about each when its head has come. */
export class RequestPump {
  readonly #session: Session;
  readonly #codec: Codec;
  readonly #queue: ExchangeQueue;
  readonly #onReady: () => void;
  readonly #intake: Intake;
  #fate: Fate = 'keep';
  /** What is kept of the request that is being read. */
  #kept: Buffer[] = [];
  /** The request that is being read, once its head has come. */
  #current: Exchange | undefined;
  /** Calls off the wait of a request that is held. */
  #cancelHold: (() => void) | undefined;
  #lost = false;
  #closed = false;
  /** The backend has something of this client that no answer ends. */
  #tainted = false;
  #requests = 0;
  readonly #reader = (chunk: Buffer, from: number): number | undefined => {
    if (this.#closed) return chunk.length;
    return this.#blocked ? undefined : this.#read(chunk, from);
  };

  constructor({ session, codec, queue, onReady }: PumpOptions) {
    this.#session = session;
    this.#codec = codec;
    this.#queue = queue;
    this.#onReady = onReady;
    this.#intake = new Intake((full) => session.holdIntake(full));
  }

  /** The codec does not understand what comes next. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Whether the backend has a part of a request whose end is not known. */
  get forwarding(): boolean {
    return this.#current !== undefined && this.#fate === 'forward';
  }

  get empty(): boolean {
    return this.#intake.empty && !this.#cancelHold;
  }

  /** Whether all requests have been whole, and each was one that an answer ends. */
  get settled(): boolean {
    return this.empty && !this.#lost && !this.#tainted && !this.#current && this.#kept.length === 0;
  }

  push(chunk: Buffer): void {
    this.#intake.push(chunk);
  }

  /** Takes as much as can be taken now. */
  pump(): void {
    this.#intake.read(this.#reader);
  }

  /** Takes no more requests: what comes is discarded, and what has come of one is all of it. */
  close(): void {
    this.#closed = true;
    this.#lost = false;
    this.#kept = [];
    this.#complete();
  }

  /** Gives all that is kept, for somebody else to pass on. */
  take(): readonly Buffer[] {
    this.#cancelHold?.();
    this.#cancelHold = undefined;
    return [...this.#kept.splice(0), ...this.#intake.take()];
  }

  /** The client has ended: nobody will finish the request that is being read. */
  end(): void {
    if (!this.settled) this.#tainted = true;
    // Half a head, whatever it was to be, is the backend's too.
    this.#flush();
    this.#complete();
  }

  get #blocked(): boolean {
    const between = !this.#current && this.#kept.length === 0;
    return this.#queue.over || this.#lost || this.#cancelHold !== undefined || (between && this.#queue.full);
  }

  #read(chunk: Buffer, from: number): number | undefined {
    const step = this.#codec.readClient(chunk, from);
    if (step.kind === 'head' && this.#queue.last) {
      // The connection ends before it could be answered.
      this.close();
      return chunk.length;
    }
    const end = this.#take(step, chunk, from);
    if (step.kind !== 'head' || end !== chunk.length) return end;
    // A request that is all head is complete, though no byte is left to say so.
    return this.#take(this.#codec.readClient(chunk, end), chunk, end) ?? end;
  }

  /** Gives where the step ends, or undefined when nothing more is understood. */
  #take(step: ClientStep, chunk: Buffer, from: number): number | undefined {
    if (step.kind === 'opaque' || (step.kind === 'continued' && this.#codec.serial)) {
      this.#lost = true;
      return undefined;
    }
    const end = step.kind === 'more' ? chunk.length : step.end;
    const bytes = part(chunk, from, end);
    if (step.kind === 'continued') {
      this.#tainted = true;
      // What was kept for the beginning of a request began this.
      this.#flush();
      this.#session.toBackend(bytes);
    } else this.#pass(bytes);
    if (step.kind === 'head') this.#begin(step.request);
    if (step.kind === 'complete') this.#complete();
    return end;
  }

  #pass(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#fate === 'keep') this.#kept.push(bytes);
    else if (this.#fate === 'forward') this.#session.toBackend(bytes);
  }

  /** Decides about a request whose head has come, and is kept. */
  #begin(request: Request): void {
    if (request.judged) this.#session.stats.requests++;
    if (!request.judged || !request.answered) this.#tainted = true;
    if (request.headForBackend) this.#kept = [request.headForBackend];
    const injection = request.judged ? this.#session.judge(++this.#requests, request) : undefined;
    if (injection && (request.answered || !isOnAnswer(injection.effect))) this.#suffer(injection, request);
    else if (request.instead) this.#replace(request, request.instead);
    else this.#decide(new Exchange(request));
  }

  #suffer(injection: Injection, request: Request): void {
    const { effect } = injection;
    const before =
      effect.kind === 'cut' || effect.kind === 'silence' || (effect.kind === 'answer' && effect.point === 'before');
    injection.report(before ? 'before' : 'forwarded');
    if (effect.kind === 'hold' && effect.side === 'request') {
      this.#hold(injection, effect.ms, new Exchange(request));
      return;
    }
    const answer = this.#nativeError(injection, request);
    if (before && answer?.toBackend)
      this.#forwardInstead(new Exchange(request, { injection, answer }), answer.toBackend);
    else this.#decide(new Exchange(request, { injection, forwarded: !before, answer }));
  }

  #nativeError(injection: Injection, request: Request): Answer | undefined {
    const { effect, id } = injection;
    if (effect.kind !== 'answer') return undefined;
    const { code, message } = effect;
    const draw = injection.draw('code');
    return this.#codec.errorFor(request, { id, code, message, draw, atMs: this.#session.now() });
  }

  #hold({ active }: Injection, ms: number, exchange: Exchange): void {
    this.#current = exchange;
    this.#cancelHold = this.#session.wait(ms, active.ended, () => {
      this.#cancelHold = undefined;
      this.#decide(exchange);
      if (exchange.complete) this.#complete();
      this.#onReady();
    });
  }

  /** The codec wants something else to reach the backend than what the client sent. */
  #replace(request: Request, { toBackend, toClient }: NonNullable<Request['instead']>): void {
    this.#tainted = true;
    const answer = { bytes: toClient, close: false };
    if (toBackend) this.#forwardInstead(new Exchange(request, { answer }), toBackend);
    else this.#decide(new Exchange(request, { forwarded: false, answer }));
  }

  /** Sends something else than the request, whose own bytes are discarded. */
  #forwardInstead(exchange: Exchange, bytes: Buffer): void {
    this.#kept = [bytes];
    this.#decide(exchange);
    this.#fate = 'discard';
  }

  /** Sends what is kept on its way, and all that follows of this request. */
  #decide(exchange: Exchange): void {
    this.#current = exchange;
    this.#fate = exchange.forwarded ? 'forward' : 'discard';
    if (exchange.forwarded) this.#flush();
    else this.#kept = [];
    this.#queue.push(exchange);
  }

  #flush(): void {
    for (const bytes of this.#kept) this.#session.toBackend(bytes);
    this.#kept = [];
  }

  #complete(): void {
    if (this.#current) this.#current.complete = true;
    if (this.#cancelHold) return;
    this.#current = undefined;
    this.#fate = 'keep';
    this.#queue.settle();
  }
}

/** Whether there is nothing to do for it where no answer will come. */
function isOnAnswer(effect: Effect): boolean {
  return (
    effect.kind === 'corrupt' ||
    (effect.kind === 'hold' && effect.side === 'response') ||
    (effect.kind === 'answer' && effect.point === 'forwarded')
  );
}
