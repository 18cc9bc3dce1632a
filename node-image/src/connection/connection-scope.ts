/** Something that is open, or being opened, until whoever opened it closes it, or its scope ends. */
export interface Connection {
  /** Ends it in good order, and gives that up by itself after some seconds. Never rejects. */
  close(): Promise<void>;
  /** Ends it at once. */
  cut(): void;
}

/** What an iteration, a worker or a fixture has opened and not closed yet. When the run is cut, all of it is. */
export class ConnectionScope implements AsyncDisposable {
  readonly #signal: AbortSignal;
  /** Made when it is needed: most scenarios speak HTTP alone, and idle workers are many. */
  #open: Set<Connection> | undefined;
  #closing: Set<Connection> | undefined;

  /** `signal` is the hard stop of the run. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** How many are open. */
  get size(): number {
    return this.#open?.size ?? 0;
  }

  add(connection: Connection): void {
    if (this.#signal.aborted) {
      connection.cut();
      return;
    }
    if (this.#open === undefined) {
      this.#open = new Set();
      // It stays: to take a listener back, a signal goes through those of all workers.
      this.#signal.addEventListener('abort', () => this.#cutAll(), { once: true });
    }
    this.#open.add(connection);
  }

  /** It has been closed. */
  delete(connection: Connection): void {
    this.#open?.delete(connection);
  }

  /** Closes all that is open, at the same time; a stop of the run ends the waiting for good order, too. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#open ?? [], (connection) => this.#closeOne(connection)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #closeOne(connection: Connection): Promise<void> {
    this.#open?.delete(connection);
    this.#closing ??= new Set();
    this.#closing.add(connection);
    await connection.close();
    this.#closing.delete(connection);
  }

  #cutAll(): void {
    const all = [...(this.#open ?? []), ...(this.#closing ?? [])];
    this.#open?.clear();
    for (const connection of all) connection.cut();
  }
}
