import { setTimeout as wait } from 'node:timers/promises';
import { LoadsError } from '@loads/core';
import type { LinkClient } from './link-client.ts';
import { LONGEST_TIMER_MS } from './longest-timer.ts';
import { whenAborted } from './when-aborted.ts';

/** How long a fixture gets to end by itself after it has been cut, ms. */
const CUT_MS = 1000;
/**
 * A stop before the start, as a process heeds it: what only waits ends at once; a fixture gets the time that iterations
 * in flight have at the end (ms), and is cut then.
 */
export class EarlyStop {
  readonly #stopped: AbortSignal;
  readonly #cut = new AbortController();

  constructor({ stopped, cut }: Pick<LinkClient, 'stopped' | 'cut'>, gracefulStopMs: number) {
    this.#stopped = stopped;
    const cutNow = (): void => this.#cut.abort();
    const cutLater = (): void => void setTimeout(cutNow, Math.min(LONGEST_TIMER_MS, gracefulStopMs)).unref();
    void whenAborted(stopped).then(cutLater);
    void whenAborted(cut).then(cutNow);
  }

  /** Aborts when a fixture is to end at once. */
  get cut(): AbortSignal {
    return this.#cut.signal;
  }

  /** Throws ERR_STOPPED when the run is not to begin. */
  check(): void {
    if (this.#stopped.aborted) throw stoppedError();
  }

  /** Waits for something that needs not be undone. Throws ERR_STOPPED when a stop comes first. */
  async unlessStopped<Value>(waiting: Promise<Value>): Promise<Value> {
    const stopped = whenAborted(this.#stopped).then(() => {
      throw stoppedError();
    });
    // What came before the stop counts, also when both are there.
    return await Promise.race([waiting, stopped]);
  }

  /** Waits for a fixture, also after a stop. Throws ERR_STOPPED when it had to be cut and gave nothing. */
  async untilCut<Value>(fixture: Promise<Value>): Promise<Value> {
    const ended = fixture.then(
      (value) => ({ value }),
      (error: unknown) => {
        // What is thrown by who was cut is no fault of his.
        if (!this.cut.aborted) throw error;
        return undefined;
      },
    );
    const outcome = await Promise.race([ended, whenAborted(this.cut).then(() => wait(CUT_MS, undefined))]);
    if (!outcome) throw stoppedError();
    return outcome.value;
  }
}

function stoppedError(): LoadsError {
  return new LoadsError('ERR_STOPPED', 'stopped before the run had begun');
}
