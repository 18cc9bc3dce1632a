/** What most answers fit into; most connections need no more. */
const FIRST_BYTES = 8 * 1024;
/** What a connection that fills the first one goes on with. */
const FULL_BYTES = 64 * 1024;

/**
 * The memory that a connection is read into, again and again: a new piece for each read would have the garbage
 * collector go through the whole heap for every few dozen MiB.
 */
export class ReadBuffer {
  #buffer: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #kept = false;
  #filled = false;

  /** Somebody still refers to what was read last: it is left to them. */
  keep(): void {
    this.#kept = true;
  }

  /** The first bytes of what was read, until the next read. */
  first(bytes: number): Buffer {
    this.#filled = bytes === this.#buffer.length;
    return this.#buffer.subarray(0, bytes);
  }

  /** What to read into next. */
  next(): Buffer {
    const { length } = this.#buffer;
    const grows = this.#filled && length < FULL_BYTES;
    if (this.#kept || grows) this.#buffer = Buffer.allocUnsafeSlow(grows ? FULL_BYTES : length);
    this.#kept = false;
    this.#filled = false;
    return this.#buffer;
  }
}
