import type { Session } from '../../proxy/session.ts';
import type { BackendStep, Codec } from './codec.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeQueue } from './exchange-queue.ts';
import { Intake } from './intake.ts';
import type { PumpOptions } from './request-pump.ts';

/** Takes the backend's answers to the client, or to what becomes of them. */
export class AnswerPump {
  readonly #session: Session;
  readonly #codec: Codec;
  readonly #queue: ExchangeQueue;
  readonly #onReady: () => void;
  readonly #intake: Intake;
  /** What came of an answer that is held waits for it; so does all that follows. */
  #held = false;
  #lost = false;

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
    return this.#intake.empty && !this.#held;
  }

  push(chunk: Buffer): void {
    this.#intake.push(chunk);
  }

  /** Takes as much as can be taken now. */
  pump(): void {
    this.#intake.read((chunk, from) => {
      const blocked = this.#held || this.#lost || this.#queue.over;
      return blocked ? undefined : this.#read(chunk, from);
    });
  }

  /** Gives all that is kept, for somebody else to pass on. */
  take(): readonly Buffer[] {
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
    if (step.kind === 'unasked') this.#session.toClient(chunk.subarray(from, end));
    else if (exchange?.holdMs === undefined) this.#take(step, exchange, chunk.subarray(from, end));
    else this.#hold(exchange, exchange.holdMs, () => this.#take(step, exchange, chunk.subarray(from, end)));
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
    this.#held = true;
    this.#session.wait(ms, exchange.injection?.active.ended, () => {
      this.#held = false;
      go();
      this.#onReady();
    });
  }
}
