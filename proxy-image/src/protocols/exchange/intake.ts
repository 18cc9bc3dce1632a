/** From here on the side that sends ahead is not read any more, in bytes. */
const FULL_BYTES = 64 * 1024;

/** Bytes of one side on their way to the reader: they wait while the reader is held, and are gone when it is closed. */
export class Intake {
  readonly #onFull: (full: boolean) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #held = false;
  #closed = false;
  #draining = false;

  /** `onFull` hears when the sender is to pause, and when it may go on. */
  constructor(onFull: (full: boolean) => void) {
    this.#onFull = onFull;
  }

  get empty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Adds a chunk. True when it is to be read now. */
  push(chunk: Buffer): boolean {
    if (this.#closed) return false;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    this.#steer();
    return !this.#held && !this.#draining;
  }

  /** Stops or resumes reading; what comes meanwhile waits. */
  hold(held: boolean): void {
    this.#held = held;
  }

  /** Discards what waits and all that comes. */
  close(): void {
    this.#closed = true;
    this.take();
  }

  /** Removes and gives all that waits. */
  take(): readonly Buffer[] {
    this.#bytes = 0;
    this.#steer();
    return this.#chunks.splice(0);
  }

  /** Reads while there is something to read: `read` gets a chunk and where to begin in it, and gives where it ended. */
  drain(read: (chunk: Buffer, from: number) => number): void {
    this.#draining = true;
    while (!this.#held && !this.#closed) {
      const chunk = this.#chunks.shift();
      if (!chunk) break;
      this.#bytes -= chunk.length;
      let at = 0;
      while (at < chunk.length && !this.#held && !this.#closed) at = read(chunk, at);
      if (at < chunk.length && !this.#closed) {
        this.#chunks.unshift(chunk.subarray(at));
        this.#bytes += chunk.length - at;
      }
    }
    this.#draining = false;
    this.#steer();
  }

  #steer(): void {
    this.#onFull(this.#bytes >= FULL_BYTES);
  }
}
