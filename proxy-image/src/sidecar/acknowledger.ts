const DELAY_MS = 5;

/** Tells the scenario process how many lines have arrived, at most every few ms, so that it never outruns the agent. */
export class Acknowledger implements AsyncDisposable {
  readonly #send: (lines: number) => void;
  #lines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (lines: number) => void) {
    this.#send = send;
  }

  /** `lines` have arrived since the start. */
  arrived(lines: number): void {
    this.#lines = lines;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send(this.#lines);
    }, DELAY_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
  }
}
