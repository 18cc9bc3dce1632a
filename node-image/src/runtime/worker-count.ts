/** How many workers the run is to have over all nodes, once somebody has set that while it goes on. */
export class WorkerCount {
  #wanted: number | undefined;
  #change = new AbortController();

  /** The number that was set last; undefined: what the plan says. */
  get wanted(): number | undefined {
    return this.#wanted;
  }

  /** Aborts when the number is set the next time. */
  get changed(): AbortSignal {
    return this.#change.signal;
  }

  set(workers: number): void {
    this.#wanted = workers;
    const change = this.#change;
    this.#change = new AbortController();
    change.abort();
  }
}
