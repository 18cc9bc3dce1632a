import { classifyFailure } from './classify-failure.ts';
import type { Carried, Transport } from './transport.ts';

/** A transport that has to be loaded first: exchanges wait for it, and their deadlines go on. */
export class LazyTransport implements Transport {
  readonly #load: () => Promise<Transport>;
  #loading: Promise<void> | undefined;
  #transport: Transport | undefined;
  #waiting: Carried[] = [];
  #closed = false;

  constructor(load: () => Promise<Transport>) {
    this.#load = load;
  }

  submit(exchange: Carried): void {
    if (this.#transport !== undefined) {
      this.#transport.submit(exchange);
      return;
    }
    this.#waiting.push(exchange);
    this.#loading ??= this.#begin();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#loading;
    await this.#transport?.close();
  }

  async #begin(): Promise<void> {
    try {
      this.#transport = await this.#load();
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      for (const exchange of this.#taken()) exchange.onFailure(classifyFailure(cause), cause);
      // The next one may try again.
      this.#loading = undefined;
      return;
    }
    for (const exchange of this.#taken()) this.#transport.submit(exchange);
  }

  /** Those that still wait. */
  #taken(): readonly Carried[] {
    const waiting = this.#closed ? [] : this.#waiting.filter(({ settled }) => !settled);
    this.#waiting = [];
    return waiting;
  }
}
