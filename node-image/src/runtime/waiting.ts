import { type Abortable, takeBack, tellOfAbort } from '../connection/abort-list.ts';
import { LONGEST_TIMER_MS } from './longest-timer.ts';

/** Waits, ms, and rejects with the signal's reason when it aborts first. What `node:timers/promises` does, in a third of its memory. */
export function waitOrThrow(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    new Waiting(ms, { signal }, resolve, reject);
  });
}

/** Waits, ms; the abort of a signal, or of another one, ends it early. Who wants more than 24 days asks again. */
export function waitUnless(ms: number, signal: AbortSignal, other?: AbortSignal | undefined): Promise<void> {
  if (signal.aborted || other?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    new Waiting(Math.min(ms, LONGEST_TIMER_MS), { signal, other }, resolve, undefined);
  });
}

type Signals = { readonly signal: AbortSignal; readonly other?: AbortSignal | undefined };

class Waiting implements Abortable {
  readonly #signal: AbortSignal;
  readonly #other: AbortSignal | undefined;
  readonly #resolve: () => void;
  readonly #reject: ((reason: unknown) => void) | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(
    ms: number,
    { signal, other }: Signals,
    resolve: () => void,
    reject: ((reason: unknown) => void) | undefined,
  ) {
    this.#signal = signal;
    this.#other = other;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(elapsed, ms, this);
    tellOfAbort(signal, this);
    if (other !== undefined) tellOfAbort(other, this);
  }

  onElapsed(): void {
    this.#forget();
    this.#resolve();
  }

  onAbort(): void {
    clearTimeout(this.#timer);
    this.#forget();
    if (this.#reject === undefined) this.#resolve();
    else this.#reject(this.#signal.reason);
  }

  #forget(): void {
    takeBack(this.#signal, this);
    if (this.#other !== undefined) takeBack(this.#other, this);
  }
}

/** One function for all. */
function elapsed(waiting: Waiting): void {
  waiting.onElapsed();
}
