import type { Effect } from '../../behaviors/effect.ts';
import type { Injection } from '../../proxy/injection.ts';
import type { Answer, Request } from './codec.ts';
import { corrupted } from './corrupt.ts';

/** What the client gets of a piece of the backend's answer, and whether the connection ends with it. */
export type Delivery = { readonly bytes: Buffer | undefined; readonly ends: boolean };

export type ExchangeFate = {
  readonly injection?: Injection | undefined;
  /** Whether the backend gets the request. Default: true. */
  readonly forwarded?: boolean;
  /** What the client gets in the place of the backend's answer, or without one. */
  readonly answer?: Answer | undefined;
};

/** One request of a connection, how it is to end, and how far it is. */
export class Exchange {
  readonly request: Request;
  readonly injection: Injection | undefined;
  readonly forwarded: boolean;
  readonly answer: Answer | undefined;
  /** All bytes of the request have come. */
  complete = false;
  /** How long the answer is still to be held, ms. */
  holdMs: number | undefined;
  #abortAfter: number | undefined;
  #pieces = 0;

  constructor(request: Request, { injection, forwarded = true, answer }: ExchangeFate = {}) {
    this.request = request;
    this.injection = injection;
    this.forwarded = forwarded;
    this.answer = answer;
    const { effect } = this;
    if (effect?.kind === 'hold' && effect.side === 'response') this.holdMs = effect.ms;
    if (effect?.kind === 'abort') this.#abortAfter = effect.afterBytes;
  }

  get effect(): Effect | undefined {
    return this.injection?.effect;
  }

  /** Whether the backend will answer it. */
  get awaited(): boolean {
    return this.forwarded && this.request.answered;
  }

  /** Whether the client does not get what the backend answers. */
  get replaced(): boolean {
    return this.answer !== undefined || this.effect?.kind === 'answer';
  }

  /** Whether the connection is to end within, or after, the answer. */
  get aborted(): boolean {
    return this.#abortAfter !== undefined;
  }

  /** Whether it ends the connection, so that no request behind it can be answered. */
  get last(): boolean {
    const kind = this.effect?.kind;
    if (kind === 'cut' || kind === 'silence' || kind === 'abort') return true;
    if (!this.answer) return kind === 'answer' && this.request.answered;
    return !this.forwarded && this.answer.close;
  }

  /** What becomes of a piece of the backend's answer. */
  deliver(piece: Buffer): Delivery {
    if (this.replaced) return { bytes: undefined, ends: false };
    const { injection } = this;
    if (this.#abortAfter !== undefined) {
      const bytes = this.#abortAfter > 0 ? piece.subarray(0, this.#abortAfter) : undefined;
      this.#abortAfter -= piece.length;
      return { bytes, ends: this.#abortAfter <= 0 };
    }
    if (injection?.effect.kind !== 'corrupt') return { bytes: piece, ends: false };
    const draw = injection.draw(`corrupt ${this.#pieces++}`);
    return { bytes: corrupted(piece, injection.effect.bytes, draw), ends: false };
  }
}
