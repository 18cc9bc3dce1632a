/** From here on the side that sends ahead is not read any more, in bytes. */
const FULL_BYTES = 64 * 1024;

const NOTHING = Buffer.alloc(0);

/** A part of a chunk; the chunk itself where that is all of it. */
export function part(chunk: Buffer, from: number, end: number): Buffer {
  if (from === 0 && end === chunk.length) return chunk;
  return from === end ? NOTHING : chunk.subarray(from, end);
}

/** Bytes of one side on their way to the reader, which may leave them for later. */
export class Intake {
  readonly #onFull: (full: boolean) => void;
  readonly #chunks: Buffer[] = [];
  /** Where the first chunk is to be read on. */
  #at = 0;
  #bytes = 0;

  /** `onFull` hears when the sender is to pause, and when it may go on. */
  constructor(onFull: (full: boolean) => void) {
    this.#onFull = onFull;
  }

  get empty(): boolean {
    return this.#chunks.length === 0;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /**
   * Reads while there is something to read: `read` gets a chunk and where to begin in it, and gives where it ended, or
   * undefined when it takes no more for now.
   */
  read(read: (chunk: Buffer, from: number) => number | undefined): void {
    if (this.empty) return;
    for (let chunk = this.#chunks[0]; chunk; chunk = this.#chunks[0]) {
      const end = this.#at < chunk.length ? read(chunk, this.#at) : chunk.length;
      if (end === undefined) break;
      this.#bytes -= end - this.#at;
      this.#at = end;
      if (end < chunk.length) continue;
      this.#chunks.shift();
      this.#at = 0;
    }
    this.#onFull(this.#bytes >= FULL_BYTES);
  }

  /** Replaces the chunk that came last, and waits, by a copy. */
  own(): void {
    const last = this.#chunks.length - 1;
    const chunk = this.#chunks[last];
    if (chunk) this.#chunks[last] = Buffer.from(chunk);
  }

  /** Removes and gives all that waits. */
  take(): readonly Buffer[] {
    const [first, ...others] = this.#chunks.splice(0);
    const rest = first ? [first.subarray(this.#at), ...others] : [];
    this.#at = 0;
    this.#bytes = 0;
    this.#onFull(false);
    return rest;
  }
}
