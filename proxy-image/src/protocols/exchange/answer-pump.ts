import type { Session } from '../session.ts';
import type { BackendStep, Codec } from './codec.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeQueue } from './exchange-queue.ts';
import { Intake, part } from './intake.ts';
import type { PumpOptions } from './request-pump.ts';

/** Takes the backend's answers to the client, or to what becomes of them. */
export class AnswerPump {
  readonly #session: Session;
  readonly #codec: Codec;
  readonly #queue: ExchangeQueue;
  readonly #onReady: () => void;
  readonly #intake: Intake;
  /** Lets an answer go that is held; what follows waits for it. */
  #release: (() => void) | undefined;
  #lost = false;
  /** Something came that nobody had asked for: more of it may come. */
  #tainted = false;
  readonly #reader = (chunk: Buffer, from: number): number | undefined => {
    const blocked = this.#release !== undefined || this.#lost || this.#queue.over;
    return blocked ? undefined : this.#read(chunk, from);
  };

  constructor({ session, codec, queue, onReady }: PumpOptions) {
    this.#session = session;
    this.#codec = codec;
    this.#queue = queue;
    this.#onReady = onReady;
    this.#intake = new Intake((full) => session.holdBackend(full));
  }

  /** The codec does not understand what comes next. */
  get lost(): boolean {
    return this.#lost;
  }

  get empty(): boolean {
    return this.#intake.empty && !this.#release;
  }

  /** Whether all answers have been whole, and nothing else came. */
  get settled(): boolean {
    return this.empty && !this.#lost && !this.#tainted;
  }

  push(chunk: Buffer): void {
    this.#intake.push(chunk);
  }

  /** Copies what waits: its memory may be used again. */
  own(): void {
    if (!this.#intake.empty) this.#intake.own();
  }

  /** Takes as much as can be taken now. */
  pump(): void {
    this.#intake.read(this.#reader);
  }

  /** Gives all that is kept, for somebody else to pass on. */
  take(): readonly Buffer[] {
    this.#release?.();
    return this.#intake.take();
  }

  #read(chunk: Buffer, from: number): number {
    const { oldest } = this.#queue;
    if (oldest && !oldest.awaited && this.#codec.serial) {
      // It speaks out of turn (a timeout, say) while this request gets its answer here: nothing can follow that.
      this.#queue.finishWhenEmpty();
      return chunk.length;
    }
    const exchange = oldest?.awaited ? oldest : undefined;
    const step = this.#codec.readBackend(chunk, from, exchange?.request);
    const end = step.kind === 'more' ? chunk.length : step.kind === 'opaque' ? from : step.end;
    if (!exchange) this.#tainted = true;
    if (step.kind === 'unasked') this.#session.toClient(part(chunk, from, end));
    else if (exchange?.holdMs === undefined) this.#take(step, exchange, part(chunk, from, end));
    else {
      const held = Buffer.from(chunk.subarray(from, end));
      this.#hold(exchange, exchange.holdMs, () => this.#take(step, exchange, held));
    }
    return end;
  }

  #take(step: BackendStep, exchange: Exchange | undefined, bytes: Buffer): void {
    if (step.kind === 'opaque') this.#lose(exchange);
    else if (!exchange) this.#session.toClient(bytes);
    else this.#queue.deliver(exchange, bytes);
    if (step.kind === 'complete' && exchange) this.#queue.answered(exchange);
  }

  /** What the client was not to see, it does not see now either. */
  #lose(exchange: Exchange | undefined): void {
    this.#lost = true;
    if (!exchange?.replaced && !exchange?.aborted) return;
    this.#queue.answered(exchange);
    this.#queue.finish();
  }

  #hold(exchange: Exchange, ms: number, go: () => void): void {
    exchange.holdMs = undefined;
    const release = (): void => {
      cancel();
      this.#release = undefined;
      go();
    };
    this.#release = release;
    const cancel = this.#session.wait(ms, exchange.injection?.active.ended, () => {
      release();
      this.#onReady();
    });
  }
}
