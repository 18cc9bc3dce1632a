import type { Address } from './listen.ts';
import { StockConnection } from './stock-connection.ts';

export type StockPoolOptions = {
  /** How many connections there may be at once. */
  size: number;
  /** How long a command may take in all: the wait for a connection, the connect and the answer. */
  timeoutMs: number;
};

/** The stock did not answer: it is away, too slow, or does not speak its protocol. */
export class StockUnavailable extends Error {
  override readonly name = 'StockUnavailable';
}

/** Connections to the stock, made when needed and used again. A broken one is replaced at the next command. */
export class StockPool implements Disposable {
  readonly #address: Address;
  readonly #timeoutMs: number;
  readonly #connections = new Set<StockConnection>();
  readonly #idle: StockConnection[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(address: Address, { size, timeoutMs }: StockPoolOptions) {
    this.#address = address;
    this.#timeoutMs = timeoutMs;
    this.#free = size;
  }

  /** Sends a command once (never again: it may have been carried out) and gives its answer. Throws `StockUnavailable`. */
  async ask(command: string): Promise<string> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    try {
      await this.#enter();
      try {
        signal.throwIfAborted();
        const connection = this.#connection();
        const answer = await connection.ask(command, signal);
        this.#idle.push(connection);
        return answer;
      } finally {
        this.#leave();
      }
    } catch (error) {
      const reason = signal.aborted ? `no answer within ${this.#timeoutMs} ms` : describe(error);
      throw new StockUnavailable(`the stock is not available: ${reason}`, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection[Symbol.dispose]();
  }

  #connection(): StockConnection {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) if (idle.open) return idle;
    const connection = new StockConnection(this.#address, (closed) => this.#connections.delete(closed));
    this.#connections.add(connection);
    return connection;
  }

  /**
   * Waits, first come first served, until one of the `size` places is free. It needs no time limit of its own:
   * whoever holds a place began earlier, and so leaves it earlier than the one who waits must give up.
   */
  async #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A name with several addresses fails with an AggregateError that has a code and no message.
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}
