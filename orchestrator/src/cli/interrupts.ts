const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Counts the user's wishes to stop (Ctrl-C, SIGTERM, a closed terminal), and tells whoever listens at the moment. */
export class Interrupts implements Disposable {
  #count = 0;
  #listener: ((count: number) => void) | undefined;
  readonly #handle = (): void => {
    this.#count += 1;
    this.#listener?.(this.#count);
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#handle);
  }

  /** Calls `listener` with the number of the interrupt: at once for those that have come already, then for each. */
  listen(listener: (count: number) => void): void {
    this.#listener = listener;
    if (this.#count > 0) listener(this.#count);
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#handle);
  }
}
